import assert from 'node:assert/strict';
import { intCompareBypass } from '../../../../server/src/checks/arguments/int-compare-bypass.ts';
import { maskAllNamespaces } from '../../../../server/src/checks/arguments/mask-all-namespaces.ts';
import { maskValueMismatch } from '../../../../server/src/checks/arguments/mask-value-mismatch.ts';
import { maskZero } from '../../../../server/src/checks/arguments/mask-zero.ts';
import { maskedWithoutValueTwo } from '../../../../server/src/checks/arguments/masked-without-value-two.ts';
import { signExtendedArgument } from '../../../../server/src/checks/arguments/sign-extended-argument.ts';
import { valueWiderThanArgument } from '../../../../server/src/checks/arguments/value-wider-than-argument.ts';
import { fixed } from '../harness.ts';
import { expectOf, expectSilence, fixTitles } from './expect.ts';
import { on, profileOf, ruleOf } from './profile.ts';

const deny = (names: string, ...conditions: readonly string[]): string =>
  profileOf('ALLOW', ruleOf(names, 'ERRNO', ...conditions));
const allow = (names: string, ...conditions: readonly string[]): string =>
  profileOf('ERRNO', ruleOf(names, 'ALLOW', ...conditions));

describe('masked-without-value-two', () => {
  it('is an information where the rule allows and a warning where it denies', () => {
    expectOf(maskedWithoutValueTwo, allow('clone', on('0 MASKED_EQ 268435456')), ['information "SCMP_CMP_MASKED_EQ"']);
    expectOf(maskedWithoutValueTwo, deny('clone', on('0 MASKED_EQ 268435456')), ['warning "SCMP_CMP_MASKED_EQ"']);
  });

  it('offers the reverse first where the rule denies', () => {
    assert.deepEqual(fixTitles(maskedWithoutValueTwo, deny('clone', on('0 MASKED_EQ 268435456'))), [
      'Match when all of these bits are set',
      'Add "valueTwo": 0, as the engine reads it',
    ]);
    assert.deepEqual(fixTitles(maskedWithoutValueTwo, allow('clone', on('0 MASKED_EQ 268435456'))), [
      'Add "valueTwo": 0, as the engine reads it *',
    ]);
  });

  it('is silent where valueTwo is given, and on other operators', () => {
    expectSilence(maskedWithoutValueTwo, allow('clone', on('0 MASKED_EQ 268435456 0')));
    expectSilence(maskedWithoutValueTwo, allow('clone', on('0 EQ 268435456')));
  });
});

describe('mask-zero', () => {
  it('says whether the rule then matches every call', () => {
    const alone = expectOf(maskZero, deny('unshare', on('0 MASKED_EQ 0 5')), ['warning 0'])[0]?.message;
    const beside = expectOf(maskZero, deny('socket', on('0 MASKED_EQ 0 5'), on('1 EQ 3')), ['warning 0'])[0]?.message;
    assert.match(alone ?? '', /the rule matches every call/);
    assert.doesNotMatch(beside ?? '', /every call/);
  });

  it('leaves a missing value to another check', () =>
    expectSilence(maskZero, deny('unshare', '{ "index": 0, "valueTwo": 5, "op": "SCMP_CMP_MASKED_EQ" }')));

  it('is no mismatch as well', () => expectSilence(maskValueMismatch, deny('unshare', on('0 MASKED_EQ 0 5'))));
});

describe('mask-value-mismatch', () => {
  it('compares bits, also beyond 53 of them', () => {
    expectSilence(maskValueMismatch, deny('lseek', on('1 MASKED_EQ 18446744073709551615 9007199254740993')));
    expectOf(maskValueMismatch, deny('lseek', on('1 MASKED_EQ 18446744073709551614 9007199254740993')), [
      'warning 9007199254740993',
    ]);
  });

  it('offers to exchange the numbers only where one lies in the other', () => {
    assert.equal(
      fixTitles(maskValueMismatch, deny('socket', on('1 MASKED_EQ 1 15')))[0],
      'Exchange "value" and "valueTwo"',
    );
    assert.equal(fixTitles(maskValueMismatch, deny('socket', on('1 MASKED_EQ 8 5')))[0], 'Add the bits to the mask');
  });
});

describe('mask-all-namespaces', () => {
  const USER_AND_NET = on('0 MASKED_EQ 1342177280 1342177280');

  it('concerns denials of several namespace flags', () => {
    expectOf(maskAllNamespaces, deny('unshare', USER_AND_NET), ['warning 1342177280']);
    expectSilence(maskAllNamespaces, deny('unshare', on('0 MASKED_EQ 268435456 268435456')));
    expectSilence(maskAllNamespaces, deny('unshare', on('0 MASKED_EQ 1342177280 0')));
    expectSilence(maskAllNamespaces, allow('unshare', USER_AND_NET));
    expectSilence(maskAllNamespaces, deny('lseek', USER_AND_NET));
  });

  it('keeps the other conditions of the rule, on minified text', () =>
    assert.equal(
      fixed(
        maskAllNamespaces,
        '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["clone"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":1342177280,"valueTwo":1342177280,"op":"SCMP_CMP_MASKED_EQ"},{"index":1,"value":0,"op":"SCMP_CMP_EQ"}]}]}',
      ),
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["clone"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":268435456,"valueTwo":268435456,"op":"SCMP_CMP_MASKED_EQ"}, {"index":1,"value":0,"op":"SCMP_CMP_EQ"}]}, {"names":["clone"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":1073741824,"valueTwo":1073741824,"op":"SCMP_CMP_MASKED_EQ"}, {"index":1,"value":0,"op":"SCMP_CMP_EQ"}]}]}',
    ));
});

describe('numbers and the width of arguments', () => {
  const CASES: readonly (readonly [string, string, 'fits' | 'negative' | 'wide'])[] = [
    ['mkdirat', '0 EQ 5', 'fits'],
    ['mkdirat', '0 EQ 2147483647', 'fits'],
    ['mkdirat', '0 EQ 2147483648', 'negative'],
    ['mkdirat', '0 EQ 4294967196', 'negative'],
    ['mkdirat', '0 NE 4294967196', 'negative'],
    ['mkdirat', '0 EQ 18446744073709551516', 'negative'],
    ['mkdirat', '0 EQ 4294967296', 'wide'],
    ['mkdirat', '0 LT 4294967296', 'wide'],
    ['personality', '0 EQ 4294967295', 'fits'],
    ['personality', '0 EQ 18446744073709551615', 'wide'],
    ['mkdirat', '0 MASKED_EQ 18446744073709551615 4294967296', 'wide'],
    ['mkdirat', '0 MASKED_EQ 18446744073709551615 5', 'fits'],
    ['lseek', '1 EQ 18446744073709551615', 'fits'],
    ['read', '1 EQ 18446744073709551615', 'fits'],
  ];

  for (const [name, condition, fit] of CASES)
    it(`${name} ${condition}: ${fit}`, () => {
      const number = condition.split(' ').at(-1);
      const text = allow(name, on(condition));
      expectOf(signExtendedArgument, text, fit === 'negative' ? [`warning ${number}`] : []);
      expectOf(valueWiderThanArgument, text, fit === 'wide' ? [`warning ${number}`] : []);
    });

  it('a test for inequality of a negative number has no fix', () =>
    assert.deepEqual(fixTitles(signExtendedArgument, allow('mkdirat', on('0 NE 4294967196'))), []));

  it('the sign-extended form is compared by its lower half', () =>
    assert.equal(
      fixed(signExtendedArgument, allow('mkdirat', on('0 EQ 18446744073709551516'))),
      allow('mkdirat', '{ "index": 0, "value": 4294967295, "op": "SCMP_CMP_MASKED_EQ", "valueTwo": 4294967196 }'),
    ));
});

describe('int-compare-bypass', () => {
  it('concerns denials by equality of 32-bit arguments', () => {
    expectOf(intCompareBypass, deny('socket', on('0 EQ 17')), ['information "SCMP_CMP_EQ"']);
    expectSilence(intCompareBypass, allow('socket', on('0 EQ 17')));
    expectSilence(intCompareBypass, deny('lseek', on('1 EQ 17')));
    expectSilence(intCompareBypass, deny('socket', on('0 MASKED_EQ 4294967295 17')));
    expectSilence(intCompareBypass, profileOf('ALLOW', ruleOf('socket', 'LOG', on('0 EQ 17'))));
  });

  it('uses valueTwo where it is there already', () =>
    assert.equal(
      fixed(intCompareBypass, deny('socket', on('0 EQ 17 0'))),
      deny('socket', on('0 MASKED_EQ 4294967295 17')),
    ));

  it('leaves negative numbers to the check for those', () =>
    expectSilence(intCompareBypass, deny('mkdirat', on('0 EQ 4294967196'))));
});
