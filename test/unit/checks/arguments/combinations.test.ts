import assert from 'node:assert/strict';
import { clone3FlagsHidden } from '../../../../server/src/checks/arguments/clone3-flags-hidden.ts';
import { multiplexedArguments } from '../../../../server/src/checks/arguments/multiplexed-arguments.ts';
import { orderDependentRules } from '../../../../server/src/checks/arguments/order-dependent-rules.ts';
import { repeatedArgumentIndex } from '../../../../server/src/checks/arguments/repeated-argument-index.ts';
import { sameConditionConflict } from '../../../../server/src/checks/arguments/same-condition-conflict.ts';
import { unreliableArgumentRules } from '../../../../server/src/checks/arguments/unreliable-argument-rules.ts';
import { fixed } from '../harness.ts';
import { expectOf, expectSilence, fixTitles } from './expect.ts';
import { on, profileOf, ruleOf } from './profile.ts';

const allow = (names: string, ...conditions: readonly string[]): string =>
  profileOf('ERRNO', ruleOf(names, 'ALLOW', ...conditions));

describe('repeated-argument-index', () => {
  it('is silent where each condition has an index of its own', () =>
    expectSilence(repeatedArgumentIndex, allow('socket', on('0 EQ 1'), on('1 EQ 1'), on('2 EQ 1'))));

  it('takes a missing index for 0', () =>
    expectOf(repeatedArgumentIndex, allow('socket', on('0 EQ 1'), '{ "value": 2, "op": "SCMP_CMP_GE" }'), [
      'warning { "value": 2, "op": "SCMP_CMP_GE" }',
    ]));

  it('is an information for several values of one argument', () => {
    expectOf(repeatedArgumentIndex, allow('socket', on('0 EQ 1'), on('0 EQ 2')), ['information 0']);
    expectOf(repeatedArgumentIndex, allow('socket', on('0 EQ 1'), on('0 EQ 2'), on('1 EQ 3')), ['warning 0']);
    expectOf(repeatedArgumentIndex, allow('socket', on('0 EQ 1'), on('0 NE 2')), ['warning 0']);
  });

  it('says when every call matches', () => {
    const message = (...conditions: readonly string[]) =>
      expectOf(repeatedArgumentIndex, allow('socket', ...conditions.map(on)), ['warning 0'])[0]?.message ?? '';
    for (const pair of [
      ['0 NE 38', '0 NE 40'],
      ['0 GE 10', '0 LE 20'],
      ['0 LT 5', '0 GE 5'],
      ['0 EQ 5', '0 NE 5'],
    ])
      assert.match(message(...pair), /every call matches/, pair.join());
    for (const pair of [
      ['0 GT 10', '0 LT 10'],
      ['0 GE 20', '0 LE 10'],
      ['0 MASKED_EQ 1 1', '0 MASKED_EQ 2 2'],
    ])
      assert.doesNotMatch(message(...pair), /every call/, pair.join());
  });

  it('splits safely only where "or" is what is meant', () => {
    const safe = (text: string) => fixTitles(repeatedArgumentIndex, text).filter((title) => title.endsWith('*'));
    assert.equal(safe(allow('socket', on('0 EQ 1'), on('0 EQ 2'))).length, 1);
    assert.equal(safe(allow('socket', on('0 GE 1'), on('0 LE 2'))).length, 0);
    assert.equal(safe(allow('socket', ...[1, 2, 3, 4, 5, 6, 7].map((n) => on(`0 EQ ${n}`)))).length, 0);
  });

  it('writes a small range as single values', () =>
    assert.equal(
      fixed(repeatedArgumentIndex, allow('socket', on('0 GE 3'), on('0 LE 4'))),
      profileOf(
        'ERRNO',
        ruleOf('socket', 'ALLOW', '{ "index": 0, "value": 3, "op": "SCMP_CMP_EQ" }'),
        ruleOf('socket', 'ALLOW', '{ "index": 0, "value": 4, "op": "SCMP_CMP_EQ" }'),
      ),
    ));

  it('does not write out a large range or an impossible one', () => {
    const titles = (...conditions: readonly string[]) =>
      fixTitles(repeatedArgumentIndex, allow('socket', ...conditions.map(on)));
    assert.deepEqual(titles('0 GE 3', '0 LE 400'), ['Split into one rule for each condition, as the engine does']);
    assert.deepEqual(titles('0 GE 5', '0 LE 4'), ['Split into one rule for each condition, as the engine does']);
  });

  it('keeps the layout when it splits, with CRLF', () => {
    const rule = (args: string) =>
      `\r\n    {\r\n      "names": ["socket"],\r\n      "action": "SCMP_ACT_ALLOW",\r\n      "args": [\r\n        ${args}\r\n      ]\r\n    }`;
    const text = (...rules: readonly string[]) =>
      `{\r\n  "defaultAction": "SCMP_ACT_ERRNO",\r\n  "syscalls": [${rules.join(',')}\r\n  ]\r\n}`;
    assert.equal(
      fixed(repeatedArgumentIndex, text(rule(`${on('0 EQ 1')},\r\n        ${on('0 EQ 2')}`)), {}, /Split/),
      text(rule(on('0 EQ 1')), rule(on('0 EQ 2'))),
    );
  });

  it('has no fix for a rule that stands alone', () =>
    assert.deepEqual(fixTitles(repeatedArgumentIndex, ruleOf('socket', 'ALLOW', on('0 EQ 1'), on('0 EQ 2'))), []));
});

describe('clone3-flags-hidden', () => {
  const filtered = ruleOf('clone', 'ALLOW', on('0 MASKED_EQ 2114060288 0'));

  it('wants clone filtered and clone3 allowed', () => {
    expectOf(clone3FlagsHidden, profileOf('ERRNO', filtered, ruleOf('clone3', 'ALLOW')), ['warning "clone"']);
    expectSilence(clone3FlagsHidden, profileOf('ERRNO', filtered));
    expectSilence(clone3FlagsHidden, profileOf('ERRNO', ruleOf('clone,clone3', 'ALLOW')));
    expectSilence(clone3FlagsHidden, profileOf('ERRNO', filtered, ruleOf('clone', 'ALLOW'), ruleOf('clone3', 'ALLOW')));
  });

  it('knows a deny-list too, where a rule is enough to mend it', () => {
    const denied = ruleOf('clone', 'ERRNO', on('0 MASKED_EQ 268435456 268435456'));
    expectOf(clone3FlagsHidden, profileOf('ALLOW', denied), ['warning "clone"']);
    assert.equal(
      fixed(clone3FlagsHidden, profileOf('ALLOW', denied)),
      profileOf('ALLOW', denied, '{ "names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38 }'),
    );
  });

  it('takes the capabilities of the container into account', () => {
    const privileged = `{ "names": ["clone3"], "action": "SCMP_ACT_ALLOW", "includes": { "caps": ["CAP_SYS_ADMIN"] } }`;
    const text = profileOf('ERRNO', filtered, privileged);
    expectSilence(clone3FlagsHidden, text);
    expectOf(clone3FlagsHidden, text, ['warning "clone"'], { capabilities: new Set(['CAP_SYS_ADMIN']) });
  });
});

describe('same-condition-conflict', () => {
  const two = (first: string, second: string, action = 'KILL_PROCESS'): string =>
    profileOf(
      'ALLOW',
      ruleOf('socket', 'ERRNO', ...first.split('; ').map(on)),
      ruleOf('socket', action, ...second.split('; ').map(on)),
    );

  it('wants the same conditions and another action', () => {
    expectOf(sameConditionConflict, two('0 EQ 1', '0 EQ 1'), [`error [${on('0 EQ 1')}]`]);
    expectSilence(sameConditionConflict, two('0 EQ 1', '0 EQ 1', 'ERRNO'));
    expectSilence(sameConditionConflict, two('0 EQ 1', '0 EQ 2'));
    expectSilence(sameConditionConflict, two('0 EQ 1', '0 NE 1'));
    expectSilence(sameConditionConflict, two('0 EQ 1', '1 EQ 1'));
  });

  it('does not mind the order of conditions', () =>
    expectOf(sameConditionConflict, two('0 EQ 1; 1 EQ 2', '1 EQ 2; 0 EQ 1'), [
      `error [${on('1 EQ 2')}, ${on('0 EQ 1')}]`,
    ]));

  it('compares masks by what they select', () =>
    expectOf(sameConditionConflict, two('0 MASKED_EQ 1 1', '0 MASKED_EQ 1 3'), [`error [${on('0 MASKED_EQ 1 3')}]`]));

  it('refuses the shorter rule behind the longer one, and drops the longer behind the shorter', () => {
    expectOf(sameConditionConflict, two('0 EQ 1; 1 EQ 2', '0 EQ 1'), [`error [${on('0 EQ 1')}]`]);
    expectOf(sameConditionConflict, two('0 EQ 1', '0 EQ 1; 1 EQ 2'), [`warning [${on('0 EQ 1')}, ${on('1 EQ 2')}]`]);
    expectSilence(sameConditionConflict, two('1 EQ 2', '0 EQ 1; 1 EQ 2'));
  });

  it('compares the errno too', () => {
    const rule = (errno: number) =>
      `{ "names": ["socket"], "action": "SCMP_ACT_ERRNO", "errnoRet": ${errno}, "args": [${on('0 EQ 1')}] }`;
    expectOf(sameConditionConflict, profileOf('ALLOW', rule(5), rule(6)), [`error [${on('0 EQ 1')}]`]);
    expectSilence(sameConditionConflict, profileOf('ALLOW', rule(5), rule(5)));
  });

  it('finds rules that become the same through socketcall', () => {
    const text = (architectures: string) =>
      two('0 EQ 1', '0 EQ 2').replace('"syscalls"', `"architectures": [${architectures}], "syscalls"`);
    expectSilence(sameConditionConflict, text('"SCMP_ARCH_X86_64"'));
    const [finding] = expectOf(sameConditionConflict, text('"SCMP_ARCH_X86_64", "SCMP_ARCH_X86"'), [
      `error [${on('0 EQ 2')}]`,
    ]);
    assert.match(finding?.message ?? '', /SCMP_ARCH_X86 both become one test of socketcall/);
  });

  it('is silent where a rule without conditions covers the multiplexer', () =>
    expectSilence(
      sameConditionConflict,
      profileOf(
        'ERRNO',
        ruleOf('socketcall', 'ALLOW'),
        ruleOf('socket', 'ALLOW', on('0 EQ 1')),
        ruleOf('socket', 'TRAP', on('0 EQ 2')),
      ).replace('"syscalls"', '"architectures": ["SCMP_ARCH_X86"], "syscalls"'),
    ));

  it('compares with every earlier rule, not only the first', () =>
    expectOf(
      sameConditionConflict,
      profileOf(
        'ALLOW',
        ruleOf('socket', 'ERRNO', on('0 EQ 1'), on('1 EQ 2')),
        ruleOf('socket', 'TRAP', on('0 EQ 1'), on('1 EQ 3')),
        ruleOf('socket', 'ERRNO', on('0 EQ 1')),
      ),
      [`error [${on('0 EQ 1')}]`],
    ));

  it('does not compare with a rule that was dropped', () =>
    expectOf(
      sameConditionConflict,
      profileOf(
        'ALLOW',
        ruleOf('socket', 'ERRNO', on('0 EQ 1')),
        ruleOf('socket', 'TRAP', on('0 EQ 1'), on('1 EQ 2')),
        ruleOf('socket', 'ERRNO', on('0 EQ 1')),
      ),
      [`warning [${on('0 EQ 1')}, ${on('1 EQ 2')}]`],
    ));

  it('finds numbers that become the same in 32 bits', () => {
    const text = profileOf(
      'ALLOW',
      ruleOf('lseek', 'ERRNO', on('1 EQ 1')),
      ruleOf('lseek', 'TRAP', on('1 EQ 4294967297')),
    );
    expectSilence(sameConditionConflict, text);
    expectOf(sameConditionConflict, text.replace('"syscalls"', '"architectures": ["SCMP_ARCH_X86"], "syscalls"'), [
      `error [${on('1 EQ 4294967297')}]`,
    ]);
  });

  it('offers to take the name out of either rule', () =>
    assert.deepEqual(fixTitles(sameConditionConflict, two('0 EQ 1', '0 EQ 1')), [
      'Remove "socket" from rule 2',
      'Remove "socket" from rule 1',
    ]));
});

describe('order-dependent-rules', () => {
  const two = (first: string, second: string): string =>
    profileOf(
      'ALLOW',
      ruleOf('socket', 'ERRNO', ...first.split('; ').map(on)),
      ruleOf('socket', 'TRAP', ...second.split('; ').map(on)),
    );

  it('wants a call that both rules match', () => {
    expectOf(orderDependentRules, two('0 GE 1', '0 GE 10'), [`warning [${on('0 GE 10')}]`]);
    expectSilence(orderDependentRules, two('0 LE 9', '0 GE 10'));
    expectSilence(orderDependentRules, two('0 EQ 9', '0 NE 9'));
    expectSilence(orderDependentRules, two('0 MASKED_EQ 3 1', '0 MASKED_EQ 3 2'));
    expectSilence(orderDependentRules, two('0 EQ 5', '0 MASKED_EQ 1 0'));
  });

  it('is an information where the order is at least known', () => {
    expectOf(orderDependentRules, two('0 EQ 5', '0 MASKED_EQ 1 1'), [`information [${on('0 MASKED_EQ 1 1')}]`]);
    expectOf(orderDependentRules, two('0 EQ 1', '1 EQ 2'), [`information [${on('1 EQ 2')}]`]);
    expectOf(orderDependentRules, two('0 MASKED_EQ 1 1', '0 MASKED_EQ 2 2'), [
      `information [${on('0 MASKED_EQ 2 2')}]`,
    ]);
  });

  it('leaves equal conditions to the check for those', () => {
    expectSilence(orderDependentRules, two('0 EQ 1', '0 EQ 1'));
    expectSilence(orderDependentRules, two('0 EQ 1', '0 EQ 1; 1 EQ 2'));
  });

  it('is silent where both rules do the same', () =>
    expectSilence(
      orderDependentRules,
      profileOf('ALLOW', ruleOf('socket', 'ERRNO', on('0 GE 1')), ruleOf('socket', 'ERRNO', on('0 GE 10'))),
    ));
});

describe('unreliable-argument-rules', () => {
  const rules = (...conditions: readonly string[]): string =>
    profileOf('ALLOW', ...conditions.map((list) => ruleOf('socket', 'ERRNO', ...list.split('; ').map(on))));

  it('is silent on shapes that are dependable', () => {
    expectSilence(unreliableArgumentRules, rules('0 GE 41; 1 EQ 3'));
    expectSilence(unreliableArgumentRules, rules('0 GE 41', '1 NE 3', '2 LT 7'));
    expectSilence(unreliableArgumentRules, rules('0 EQ 17; 1 EQ 3', '0 EQ 16; 1 MASKED_EQ 15 3; 2 EQ 9'));
    expectSilence(unreliableArgumentRules, rules('0 EQ 16; 2 NE 9', '0 NE 16'));
  });

  it('reports the rule with the mixed conditions', () =>
    expectOf(unreliableArgumentRules, rules('0 GE 41; 1 EQ 3', '0 EQ 17; 1 EQ 3'), [
      `warning [${on('0 GE 41')}, ${on('1 EQ 3')}]`,
    ]));
});

describe('multiplexed-arguments', () => {
  const text = (architectures: string, ...rules: readonly string[]): string =>
    profileOf('ALLOW', ...rules).replace('"syscalls"', `"architectures": [${architectures}], "syscalls"`);

  it('wants conditions and an architecture that multiplexes', () => {
    const rule = ruleOf('socket,connect', 'ERRNO', on('0 EQ 17'));
    expectOf(multiplexedArguments, text('"SCMP_ARCH_X86"', rule), ['information "socket"', 'information "connect"']);
    expectSilence(multiplexedArguments, text('"SCMP_ARCH_X86_64", "SCMP_ARCH_X32"', rule));
    expectSilence(multiplexedArguments, text('"SCMP_ARCH_X86"', ruleOf('socket', 'ERRNO')));
    expectSilence(multiplexedArguments, text('"SCMP_ARCH_X86"', ruleOf('lseek', 'ERRNO', on('2 EQ 1'))));
  });

  it('reports a name once', () =>
    expectOf(
      multiplexedArguments,
      text('"SCMP_ARCH_X86"', ruleOf('shmget', 'ERRNO', on('1 EQ 1')), ruleOf('shmget', 'ERRNO', on('1 EQ 2'))),
      ['information "shmget"'],
    ));
});
