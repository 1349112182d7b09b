import assert from 'node:assert/strict';
import { alwaysTrueCondition } from '../../../../server/src/checks/arguments/always-true-condition.ts';
import { argumentIndexRange } from '../../../../server/src/checks/arguments/argument-index-range.ts';
import { missingConditionKey } from '../../../../server/src/checks/arguments/missing-condition-key.ts';
import { neverTrueCondition } from '../../../../server/src/checks/arguments/never-true-condition.ts';
import { noSuchArgument } from '../../../../server/src/checks/arguments/no-such-argument.ts';
import { pointerArgument } from '../../../../server/src/checks/arguments/pointer-argument.ts';
import { valueTwoUnused } from '../../../../server/src/checks/arguments/value-two-unused.ts';
import { findingsIn, fixed } from '../harness.ts';
import { expectOf, expectSilence, fixTitles } from './expect.ts';
import { on, profileOf, ruleOf } from './profile.ts';

const deny = (names: string, ...conditions: readonly string[]): string =>
  profileOf('ALLOW', ruleOf(names, 'ERRNO', ...conditions));

describe('argument-index-range', () => {
  it('takes 0 to 5', () => {
    expectSilence(argumentIndexRange, deny('mmap', on('5 NE 0')));
    expectOf(argumentIndexRange, deny('mmap', on('6 NE 0')), ['error 6']);
    expectOf(argumentIndexRange, deny('mmap', on('18446744073709551615 NE 0')), ['error 18446744073709551615']);
  });

  it('leaves numbers that Go does not read to other checks', () => {
    expectSilence(argumentIndexRange, deny('mmap', on('-1 NE 0')));
    expectSilence(argumentIndexRange, deny('mmap', on('"6" NE 0')));
    expectSilence(argumentIndexRange, deny('mmap', on('6.5 NE 0')));
  });

  it('reports every condition, also in rules that stand alone and with keys in another case', () => {
    expectOf(argumentIndexRange, deny('mmap', on('6 NE 0'), on('7 NE 0')), ['error 6', 'error 7']);
    expectOf(argumentIndexRange, ruleOf('mmap', 'ALLOW', on('9 NE 0')), ['error 9']);
    expectOf(argumentIndexRange, deny('mmap', '{ "Index": 8, "OP": "SCMP_CMP_NE" }'), ['error 8']);
  });

  it('looks at the last of repeated keys only', () =>
    expectSilence(argumentIndexRange, deny('mmap', '{ "index": 6, "index": 1, "value": 0, "op": "SCMP_CMP_NE" }')));
});

describe('no-such-argument', () => {
  it('counts the arguments of the kernel', () => {
    expectSilence(noSuchArgument, deny('setuid', on('0 EQ 0')));
    expectOf(noSuchArgument, deny('setuid', on('1 EQ 0')), ['warning 1']);
    expectOf(noSuchArgument, deny('fork,vfork', on('0 EQ 0')), ['warning 0']);
  });

  it('names those of the syscalls that lack the argument', () => {
    const [finding] = expectOf(noSuchArgument, deny('fork,clone', on('0 EQ 0')), ['warning 0']);
    assert.match(finding?.message ?? '', /^"fork" has no argument 0: it takes no arguments\./);
    assert.equal(finding?.fixes?.().length, 0);
  });

  it('offers to remove the condition where no name has the argument', () =>
    assert.deepEqual(fixTitles(noSuchArgument, deny('fork', on('0 EQ 0'))), ['Remove the condition']));

  it('is silent on unknown names and on calls that no kernel answers', () => {
    expectSilence(noSuchArgument, deny('nonesuch', on('5 EQ 0')));
    expectSilence(noSuchArgument, deny('tuxcall', on('5 EQ 0')));
  });

  it('counts for the architecture that the rule is for', () => {
    const rule = (arch: string) =>
      profileOf(
        'ERRNO',
        `{ "names": ["mmap"], "action": "SCMP_ACT_ALLOW", "args": [${on('3 EQ 0')}], "includes": { "arches": ["${arch}"] } }`,
      );
    expectSilence(noSuchArgument, rule('amd64'));
    expectOf(noSuchArgument, rule('s390x'), ['warning 3']);
  });

  it('underlines the condition where the index is missing', () =>
    expectOf(noSuchArgument, deny('fork', '{ "value": 1, "op": "SCMP_CMP_EQ" }'), [
      'warning { "value": 1, "op": "SCMP_CMP_EQ" }',
    ]));
});

describe('missing-condition-key', () => {
  it('tells a missing index from a missing value', () => {
    const text = deny('socket', '{ "op": "SCMP_CMP_EQ" }');
    expectOf(missingConditionKey, text, ['information { "op": "SCMP_CMP_EQ" }', 'warning { "op": "SCMP_CMP_EQ" }']);
  });

  it('leaves a condition without operator, null and wrong types to other checks', () => {
    expectSilence(missingConditionKey, deny('socket', '{}'));
    expectSilence(missingConditionKey, deny('socket', '{ "index": null, "value": "5", "op": "SCMP_CMP_EQ" }'));
  });

  it('adds the index on minified text', () =>
    assert.equal(
      fixed(
        missingConditionKey,
        '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"value":2,"op":"SCMP_CMP_EQ"}]}]}',
      ),
      '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index": 0, "value":2,"op":"SCMP_CMP_EQ"}]}]}',
    ));
});

describe('always-true-condition and never-true-condition', () => {
  it('makes the removal safe only where the names are mentioned once', () => {
    const text = (names: string): string =>
      `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": [${names}], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 0, "op": "SCMP_CMP_GE"}, {"index": 2, "value": 5, "op": "SCMP_CMP_GT"}]}]}`;
    assert.deepEqual(fixTitles(alwaysTrueCondition, text('"socket"')), ['Remove the condition *']);
    assert.deepEqual(fixTitles(alwaysTrueCondition, text('"socket", "socket"')), ['Remove the condition']);
  });

  const ALWAYS = ['GE 0', 'LE 18446744073709551615'];
  const NEVER = ['LT 0', 'GT 18446744073709551615'];
  const NEITHER = ['GT 0', 'LT 1', 'GE 1', 'EQ 0', 'NE 0', 'LE 18446744073709551614', 'MASKED_EQ 1 1', 'MASKED_EQ 0 0'];

  for (const test of ALWAYS)
    it(`${test} holds always`, () => {
      expectOf(alwaysTrueCondition, deny('lseek', on(`1 ${test}`)), [`warning ${test.split(' ')[1]}`]);
      expectSilence(neverTrueCondition, deny('lseek', on(`1 ${test}`)));
    });

  for (const test of NEVER)
    it(`${test} holds never`, () => {
      expectOf(neverTrueCondition, deny('lseek', on(`1 ${test}`)), [`warning ${test.split(' ')[1]}`]);
      expectSilence(alwaysTrueCondition, deny('lseek', on(`1 ${test}`)));
    });

  for (const test of NEITHER)
    it(`${test} is neither`, () => {
      expectSilence(alwaysTrueCondition, deny('lseek', on(`1 ${test}`)));
      expectSilence(neverTrueCondition, deny('lseek', on(`1 ${test}`)));
    });

  it('removing a condition is safe only beside others and where no other rule has the name', () => {
    const one = ruleOf('lseek', 'ERRNO', on('1 GE 0'), on('2 EQ 9'));
    assert.deepEqual(fixTitles(alwaysTrueCondition, profileOf('ALLOW', one)), ['Remove the condition *']);
    assert.deepEqual(fixTitles(alwaysTrueCondition, deny('lseek', on('1 GE 0'))), ['Remove the condition']);
    const other = ruleOf('lseek', 'TRAP', on('2 EQ 9'));
    assert.deepEqual(fixTitles(alwaysTrueCondition, profileOf('ALLOW', one, other)), ['Remove the condition']);
  });

  it('removing a condition is not safe where crun does not see all of the others', () => {
    const text = profileOf('ALLOW', ruleOf('lseek', 'ERRNO', on('1 GE 0'), on('2 EQ 9')));
    const target = { runtime: 'crun' } as const;
    assert.deepEqual(fixTitles(alwaysTrueCondition, text, target), ['Remove the condition *']);
    const unseen = text.replace(/"index": ?2/, '"Index": 2');
    assert.notEqual(unseen, text);
    assert.deepEqual(fixTitles(alwaysTrueCondition, unseen), ['Remove the condition *']);
    assert.deepEqual(fixTitles(alwaysTrueCondition, unseen, target), ['Remove the condition']);
  });

  it('does not offer to remove conditions of which one is enough', () =>
    assert.deepEqual(fixTitles(alwaysTrueCondition, deny('lseek', on('1 GE 0'), on('1 EQ 9'))), []));
});

describe('value-two-unused', () => {
  it('is silent on 0 and on masks', () => {
    expectSilence(valueTwoUnused, deny('personality', on('0 EQ 8 0')));
    expectSilence(valueTwoUnused, deny('personality', on('0 MASKED_EQ 8 8')));
  });

  it('removes the key from a one-line condition and from one with CRLF', () => {
    assert.equal(fixed(valueTwoUnused, deny('personality', on('0 EQ 8 9'))), deny('personality', on('0 EQ 8')));
    const lines = deny('personality', '{\r\n"valueTwo": 9,\r\n"index": 0,\r\n"value": 8,\r\n"op": "SCMP_CMP_EQ"\r\n}');
    assert.equal(fixed(valueTwoUnused, lines), lines.replace('"valueTwo": 9,\r\n', ''));
  });

  it('leaves an unknown operator to another check', () =>
    expectSilence(valueTwoUnused, deny('personality', on('0 EQUALS 8 9'))));
});

describe('pointer-argument', () => {
  it('reports addresses, not whether there is one', () => {
    expectOf(pointerArgument, deny('openat', on('1 EQ 5')), ['warning 1']);
    expectOf(pointerArgument, deny('clone3', on('0 MASKED_EQ 268435456 268435456')), ['warning 0']);
    for (const test of ['EQ 0', 'NE 0', 'GT 0', 'GE 1'])
      expectSilence(pointerArgument, deny('openat', on(`1 ${test}`)));
    expectSilence(pointerArgument, deny('openat', on('2 EQ 5')));
  });

  it('names only the syscalls whose argument is a pointer', () => {
    const [finding] = expectOf(pointerArgument, deny('open,openat', on('0 EQ 5')), ['warning 0']);
    assert.match(finding?.message ?? '', /of "open" is a pointer/);
  });
});

describe('conditions of a wrong type', () => {
  it('are left to the checks of types', () => {
    const broken = deny('openat', '{ "index": "1", "value": 1e3, "valueTwo": -1, "op": "SCMP_CMP_EQ" }', '5', 'null');
    const groups = new Set(findingsIn(broken).map((finding) => finding.check));
    for (const check of [noSuchArgument, pointerArgument, valueTwoUnused, alwaysTrueCondition])
      assert.ok(!groups.has(check));
  });
});
