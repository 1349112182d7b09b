import assert from 'node:assert/strict';
import { errnoOutOfRange } from '../../../../server/src/checks/values/errno-out-of-range.ts';
import { errnoUnused } from '../../../../server/src/checks/values/errno-unused.ts';
import { errnoZero } from '../../../../server/src/checks/values/errno-zero.ts';
import { invalidNumber } from '../../../../server/src/checks/values/invalid-number.ts';
import { parseNumber } from '../../../../server/src/checks/values/numbers.ts';
import { expectOf, expectSilence, fixTitles } from '../arguments/expect.ts';
import { findingsOf, fixed } from '../harness.ts';

const allowing = (rules: string): string => `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [${rules}]}`;
const withValue = (value: string): string =>
  allowing(
    `{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": ${value}, "op": "SCMP_CMP_EQ"}]}`,
  );
const withErrno = (errno: string, action = 'SCMP_ACT_ERRNO'): string =>
  allowing(`{"names": ["bpf"], "action": "${action}", "errnoRet": ${errno}}`);

describe('numbers as programmers write them', () => {
  const values: Readonly<Record<string, bigint | undefined>> = {
    '0x1F': 31n,
    '0b101': 5n,
    '0o17': 15n,
    '1_000': 1000n,
    '8UL': 8n,
    '0xffffffffffffffffULL': 18446744073709551615n,
    '+5': 5n,
    '-1': -1n,
    '1.0': 1n,
    '1.50e1': 15n,
    '1e3': 1000n,
    '07': 7n,
    '5.': 5n,
    '1.5': undefined,
    '0755': undefined,
    '0x': undefined,
    '1e999': undefined,
    '': undefined,
    many: undefined,
  };
  for (const [text, value] of Object.entries(values))
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.equal(parseNumber(text), value);
    });
});

describe('invalid-number', () => {
  const meant: Readonly<Record<string, readonly string[]>> = {
    '0x10': ['Replace with 16 *'],
    '1.0': ['Replace with 1 *'],
    '1e3': ['Replace with 1000 *'],
    '01': ['Replace with 1 *'],
    '0755': ['Replace with 493', 'Replace with 755'],
    '-1': ['Replace with 18446744073709551615', 'Replace with 4294967295'],
    '-2147483649': ['Replace with 18446744071562067967'],
    '1.5': [],
    '18446744073709551616': [],
  };
  for (const [number, titles] of Object.entries(meant))
    it(`knows what ${number} means`, () => {
      expectOf(invalidNumber, withValue(number), [`error ${number}`]);
      assert.deepEqual(fixTitles(invalidNumber, withValue(number)), titles);
    });

  it('mends a number in minified text', () => {
    assert.equal(fixed(invalidNumber, '{"defaultErrnoRet":0x26}'), '{"defaultErrnoRet":38}');
  });

  it('takes the sign off an errno', () => {
    assert.equal(fixed(invalidNumber, withErrno('-38')), withErrno('38'));
  });

  it('is silent up to the largest unsigned number, and about replaced values where the reader skips them', () => {
    for (const number of ['0', '9007199254740993', '18446744073709551615'])
      expectSilence(invalidNumber, withValue(number));
    const replaced = '{"defaultAction": "SCMP_ACT_ALLOW", "defaultErrnoRet": -1, "defaultErrnoRet": 1}';
    expectOf(invalidNumber, replaced, ['error -1']);
    expectSilence(invalidNumber, replaced, { runtime: 'crun' });
  });

  it('knows that crun takes -1', () => {
    expectOf(invalidNumber, withValue('-1'), ['warning -1'], { runtime: 'crun' });
    expectOf(invalidNumber, withErrno('-1'), ['error -1'], { runtime: 'crun' });
  });
});

describe('errno-out-of-range', () => {
  it('knows the limit, for rules and for the default', () => {
    expectSilence(errnoOutOfRange, withErrno('4094'));
    expectOf(errnoOutOfRange, withErrno('4095'), ['error 4095']);
    expectOf(errnoOutOfRange, '{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 70000}', ['error 70000']);
    expectSilence(errnoOutOfRange, '{"defaultAction": "SCMP_ACT_ALLOW", "defaultErrnoRet": 70000}');
  });

  it('warns of a number that is cut, and replaces it by what it is cut to', () => {
    expectOf(errnoOutOfRange, withErrno('65541'), ['warning 65541']);
    assert.equal(fixed(errnoOutOfRange, withErrno('65541')), withErrno('5'));
    assert.match(findingsOf(errnoOutOfRange, withErrno('65536'))[0]!.message, /no error at all/);
  });

  it('leaves messages to a tracer their 16 bits', () => {
    expectSilence(errnoOutOfRange, withErrno('4095', 'SCMP_ACT_TRACE'));
    expectOf(errnoOutOfRange, withErrno('65536', 'SCMP_ACT_TRACE'), ['warning 65536']);
  });

  it('knows that crun refuses what does not fit into 32 bits', () => {
    expectOf(errnoOutOfRange, withErrno('4294967301'), ['warning 4294967301']);
    expectOf(errnoOutOfRange, withErrno('4294967301'), ['error 4294967301'], { runtime: 'podman' });
  });

  it('leaves the number out where Podman takes the name', () => {
    expectSilence(errnoOutOfRange, withErrno('4095, "errno": "EPERM"'), { runtime: 'podman' });
  });
});

describe('errno-zero', () => {
  it('offers EPERM and ENOSYS', () => {
    expectOf(errnoZero, withErrno('0'), ['warning 0']);
    assert.deepEqual(fixTitles(errnoZero, withErrno('0')), [
      'Replace with 1 (EPERM, not permitted)',
      'Replace with 38 (ENOSYS, no such call)',
    ]);
  });

  it('is silent about other actions and other numbers', () => {
    expectSilence(errnoZero, withErrno('0', 'SCMP_ACT_TRACE'));
    expectSilence(errnoZero, withErrno('1'));
  });

  it('reads the name where Podman does', () => {
    expectOf(errnoZero, withErrno('5, "errno": "0"'), ['warning "0"'], { runtime: 'podman' });
    expectSilence(errnoZero, withErrno('0, "errno": "EPERM"'), { runtime: 'podman' });
    expectOf(errnoZero, withErrno('0, "errno": "EPERM"'), ['warning 0']);
  });
});

describe('errno-unused', () => {
  it('is information for runc and an error for crun', () => {
    const text = withErrno('1', 'SCMP_ACT_KILL_PROCESS');
    expectOf(errnoUnused, text, ['information "errnoRet"']);
    expectOf(errnoUnused, text, ['error "errnoRet"'], { runtime: 'cri-o' });
    assert.equal(fixed(errnoUnused, text), allowing('{"names": ["bpf"], "action": "SCMP_ACT_KILL_PROCESS"}'));
  });

  it('concerns the default and, for Podman, the name', () => {
    expectOf(errnoUnused, '{"defaultAction": "SCMP_ACT_ALLOW", "defaultErrnoRet": 1}', [
      'information "defaultErrnoRet"',
    ]);
    const named = '{"defaultAction": "SCMP_ACT_ALLOW", "defaultErrno": "EPERM"}';
    expectSilence(errnoUnused, named);
    expectOf(errnoUnused, named, ['error "defaultErrno"'], { runtime: 'podman' });
  });

  it('is a warning in a rule that this host leaves out', () => {
    const text = withErrno('1, "includes": {"arches": ["arm64"]}', 'SCMP_ACT_LOG');
    expectOf(errnoUnused, text, ['warning "errnoRet"'], { runtime: 'podman' });
  });

  it('is silent about ERRNO and TRACE', () => {
    for (const action of ['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE']) expectSilence(errnoUnused, withErrno('1', action));
  });
});
