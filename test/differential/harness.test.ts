import assert from 'node:assert/strict';
import { policyOf } from '../../server/src/policy/policy.ts';
import type { Witness } from '../../server/src/policy/witness.ts';
import { parseProfile } from '../../server/src/profile/build.ts';
import { type Case, compare, type Oracle } from './compare.ts';
import { generate, target } from './generate.ts';
import { type Oracles, openOracles } from './oracle.ts';
import { untold, untrue } from './proofs.ts';
import { random } from './random.ts';
import { readerOf } from './reader.ts';
import { shrink } from './shrink.ts';
import { printProfile, type Written, type WrittenRule } from './written.ts';

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
    assert.deepEqual(outcome, {
      end: 'built',
      open: false,
      predicted: 4,
      unpredictable: 0,
      differing: 0,
      witnesses: 0,
      disagreements: [],
    });
  });

  it('reports every call for which libseccomp answers otherwise', async () => {
    const { disagreements } = await compare(deceiving(oracles.list[0]!), asked);
    assert.deepEqual(
      disagreements
        .filter(({ about }) => about === 'verdict')
        .map(({ call: of, libseccomp, product }) => [of?.args[0], libseccomp, product]),
      [
        [1n, '50006', '50005'],
        [2n, '50006', '50005'],
      ],
    );
  });

  it('reports calls that differ from what is written without a witness, and witnesses of nothing', async () => {
    const about = async (real: readonly bigint[], written: readonly bigint[]): Promise<readonly string[]> => {
      const oracle = oracles.list[0]!;
      const read = readerOf(
        { ...profile, syscalls: written.map((value) => denied(value, 5n)) },
        asked.target,
        oracle.library,
      );
      const policy = policyOf(parseProfile(printProfile(profile)).profile!, asked.target)!;
      const verdict = (value: bigint): number => (real.includes(value) ? 0x50005 : 0x7fff0000);
      const witness: Witness = {
        name: 'personality',
        architecture: policy.native.architecture,
        call: call(1n),
        written: { rules: [], outcomes: [{ action: 'SCMP_ACT_ALLOW' }] },
        loaded: { outcome: { action: 'SCMP_ACT_ERRNO', errno: 5 }, reason: { kind: 'default' } },
        cause: 'other',
        rule: undefined,
      };
      const answered = [1n, 2n].map((value) => ({ call: call(value), verdict: verdict(value) }));
      const silent = await untold(policy, [], answered, read);
      const empty = await untrue([witness], [verdict(1n)], read);
      return [...silent.disagreements, ...empty].map(({ about, call }) => `${about} ${call?.args[0]}`);
    };
    assert.deepEqual(await about([1n], []), ['difference without a witness 1']);
    assert.deepEqual(await about([], []), ['witness, loaded 1']);
    assert.deepEqual(await about([1n], [1n]), ['witness, written 1']);
    assert.deepEqual(await about([1n, 2n], [1n, 2n]), ['witness, written 1']);
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
