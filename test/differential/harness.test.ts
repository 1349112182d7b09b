import assert from 'node:assert/strict';
import { type Case, compare, type Oracle } from './compare.ts';
import { generate, target } from './generate.ts';
import { type Oracles, openOracles } from './oracle.ts';
import { random } from './random.ts';
import { shrink } from './shrink.ts';
import type { Written, WrittenRule } from './written.ts';

const call = (a: bigint) => ({ architecture: 'SCMP_ARCH_X86_64', number: 135, args: [a, 0n, 0n, 0n, 0n, 0n] });
const denied = (value: bigint, errnoRet: bigint): WrittenRule => ({
  names: ['personality'],
  action: 'SCMP_ACT_ERRNO',
  errnoRet,
  args: [{ index: 0n, value, op: 'SCMP_CMP_EQ' }],
});

describe('the comparison with libseccomp', () => {
  let oracles: Oracles;
  before(async () => {
    oracles = await openOracles(1);
  });
  after(() => oracles?.close());

  /** An oracle that builds another profile than the one it is asked about. */
  const deceiving = (oracle: Oracle): Oracle => ({
    ...oracle,
    driver: {
      ...oracle.driver,
      build: (build) =>
        oracle.driver.build({ ...build, rules: build.rules.map((rule) => ({ ...rule, action: rule.action + 1 })) }),
    },
  });

  const profile: Written = {
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures: ['SCMP_ARCH_X86'],
    syscalls: [denied(1n, 5n), { names: ['getuid'], action: 'SCMP_ACT_ERRNO' }, denied(2n, 5n)],
  };
  const asked: Case = { profile, target: target('crun'), calls: [call(0n), call(1n), call(2n), call(3n)] };

  it('agrees on a profile whose meaning is plain', async () => {
    const outcome = await compare(oracles.list[0]!, asked);
    assert.deepEqual(outcome, { end: 'built', open: false, predicted: 4, unpredictable: 0, disagreements: [] });
  });

  it('reports every call for which libseccomp answers otherwise', async () => {
    const { disagreements } = await compare(deceiving(oracles.list[0]!), asked);
    assert.deepEqual(
      disagreements.map(({ call: of, libseccomp, product }) => [of?.args[0], libseccomp, product]),
      [
        [1n, '50006', '50005'],
        [2n, '50006', '50005'],
      ],
    );
  });

  it('shrinks a failing case to what makes it fail', async () => {
    const oracle = deceiving(oracles.list[0]!);
    const fails = async (smaller: Case): Promise<boolean> => (await compare(oracle, smaller)).disagreements.length > 0;
    const { profile: smallest, calls } = await shrink(asked, fails);
    assert.equal(smallest.syscalls.length, 1);
    assert.deepEqual(smallest.architectures, []);
    assert.equal(calls.length, 1);
  });

  it('makes the same profile from the same seed, and another one from the next', () => {
    assert.deepEqual(generate(7).profile, generate(7).profile);
    assert.notDeepEqual(generate(7).profile, generate(8).profile);
    assert.notEqual(random(1).bits64(), random(2).bits64());
  });
});
