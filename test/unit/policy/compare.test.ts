import assert from 'node:assert/strict';
import { architecture, numberOn } from '../../../server/src/catalog/index.ts';
import { type Comparison, compare } from '../../../server/src/policy/compare.ts';
import { evaluate, isPredicted } from '../../../server/src/policy/evaluate.ts';
import type { Policy } from '../../../server/src/policy/policy.ts';
import { sameOutcome } from '../../../server/src/policy/resolve.ts';
import { Chance, headText, NAMES, profileText, randomCall, randomProfile, ruleText } from './generate.ts';
import { policy } from './harness.ts';

const denying = (...syscalls: object[]) => policy({ defaultAction: 'SCMP_ACT_ERRNO', syscalls });
const allow = (names: string[], args: object[] = []) => ({ names, action: 'SCMP_ACT_ALLOW', args });
const errno = (names: string[], errnoRet: number, args: object[] = []) => ({
  names,
  action: 'SCMP_ACT_ERRNO',
  errnoRet,
  args,
});
const is = (index: number, op: string, value: number, valueTwo?: number) => ({
  index,
  op: `SCMP_CMP_${op}`,
  value,
  ...(valueTwo === undefined ? {} : { valueTwo }),
});

/** `looser socket`, `tighter bpf (whole)`. */
function told({ syscalls }: Comparison): readonly string[] {
  return syscalls.map(({ name, change, whole }) => `${change} ${name}${whole ? ' (whole)' : ''}`);
}

/** With a call numbered above all others, so that runc's answer to newer ones is the same on both sides. */
const newest = 'rseq_slice_yield';
const base = (...syscalls: object[]) => denying(allow(['read', 'write', newest]), ...syscalls);

describe('compare', () => {
  it('finds nothing between a profile and itself', () => {
    const chance = new Chance(1);
    for (let round = 0; round < 150; round++) {
      const text = randomProfile(chance);
      const found = compare(policy(text), policy(text));
      assert.deepEqual([told(found), found.unnamed], [[], undefined], text);
    }
  });

  it('tells what is allowed more and less, the dangerous first', () => {
    const wide = base(allow(['bpf', 'mkdir', 'mount']));
    assert.deepEqual(told(compare(base(), wide)), [
      'looser bpf (whole)',
      'looser mount (whole)',
      'looser mkdir (whole)',
    ]);
    assert.deepEqual(told(compare(wide, base())).toSorted(), [
      'tighter bpf (whole)',
      'tighter mkdir (whole)',
      'tighter mount (whole)',
    ]);
  });

  it('tells another errno as a change', () =>
    assert.deepEqual(told(compare(base(), base(errno(['bpf'], 38)))), ['changed bpf (whole)']));

  it('proves a difference in arguments by a call', () => {
    const found = compare(base(allow(['socket'], [is(0, 'LT', 16)])), base(allow(['socket'], [is(0, 'LE', 16)])));
    assert.deepEqual(told(found), ['looser socket']);
    assert.equal(found.syscalls[0]!.differences[0]!.args[0], 16n);
  });

  it('does not see spelling, grouping and order', () => {
    const pairs: readonly (readonly [Policy, Policy])[] = [
      [base(allow(['ioctl'], [is(1, 'LT', 5)])), base(allow(['ioctl'], [is(1, 'LE', 4)]))],
      [base(allow(['ioctl'], [is(1, 'LT', 1)])), base(allow(['ioctl'], [is(1, 'EQ', 0)]))],
      [base(allow(['ioctl'], [is(1, 'MASKED_EQ', 3, 7)])), base(allow(['ioctl'], [is(1, 'MASKED_EQ', 3, 3)]))],
      [
        base(allow(['ioctl'], [is(0, 'EQ', 1), is(1, 'EQ', 2)])),
        base(allow(['ioctl'], [is(1, 'EQ', 2), is(0, 'EQ', 1)])),
      ],
      [
        base(allow(['ioctl'], [is(1, 'EQ', 1)]), allow(['ioctl'], [is(1, 'EQ', 2)])),
        base(allow(['ioctl'], [is(1, 'EQ', 2), is(1, 'EQ', 1)])),
      ],
      [base(allow(['mkdir', 'rmdir'])), base(allow(['rmdir']), allow(['mkdir']), allow(['mkdir']))],
      [base(allow(['ioctl'], [is(1, 'GE', 0)])), base(allow(['ioctl']))],
    ];
    for (const [a, b] of pairs) assert.deepEqual(told(compare(a, b)), []);
  });

  it('puts architectures together and tells one that is left out', () => {
    const one = policy({ defaultAction: 'SCMP_ACT_ALLOW', architectures: ['SCMP_ARCH_X86_64'] });
    const two = policy({ defaultAction: 'SCMP_ACT_ALLOW', architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'] });
    const found = compare(one, two).syscalls.find(({ name }) => name === 'read');
    assert.equal(found?.change, 'looser');
    assert.deepEqual(
      found?.architectures.map(({ name }) => name),
      ['SCMP_ARCH_X86'],
    );
    const both = compare(two, policy({ ...{ defaultAction: 'SCMP_ACT_LOG' }, architectures: ['SCMP_ARCH_X86'] }));
    assert.equal(both.syscalls.find(({ name }) => name === 'read')?.architectures.length, 2);
  });

  it('tells what calls of newer kernels get', () => {
    const found = compare(denying(allow(['write'])), denying(allow(['write', newest])));
    assert.equal(found.unnamed, undefined, 'runc answers ENOSYS for both');
    const logged = compare(denying(), policy({ defaultAction: 'SCMP_ACT_LOG' }));
    assert.equal(logged.unnamed?.after.outcome.action, 'SCMP_ACT_LOG');
  });

  it('does not guess where libseccomp is not predictable', () => {
    const mixed = (value: number) =>
      base(allow(['ioctl'], [is(0, 'GE', value), is(1, 'EQ', 3)]), allow(['ioctl'], [is(0, 'EQ', 17), is(1, 'EQ', 3)]));
    assert.deepEqual(told(compare(mixed(41), mixed(41))), []);
    const [found] = compare(mixed(41), mixed(42)).syscalls;
    assert.equal(found?.change, 'unpredictable');
    assert.match(found?.why ?? '', /libseccomp/);
  });
});

describe('compare on random profiles', () => {
  const ARCHITECTURES = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64'];

  /** Two profiles with a common head and some rules in common. */
  function pair(chance: Chance): readonly [string, string] {
    const head = headText(chance);
    const shared = Array.from({ length: chance.below(3) }, () => ruleText(chance));
    const own = () => Array.from({ length: 1 + chance.below(2) }, () => ruleText(chance));
    return [profileText(head, [...shared, ...own()]), profileText(head, [...own(), ...shared])];
  }

  it('misses no call that differs, and each of its proofs is true', () => {
    const chance = new Chance(2);
    let differing = 0;
    for (let round = 0; round < 200; round++) {
      const texts = pair(chance);
      const [a, b] = [policy(texts[0]), policy(texts[1])];
      const { syscalls } = compare(a, b);
      for (const { name, architectures, differences } of syscalls)
        for (const { args, before, after } of differences) {
          const [{ name: arch, table }] = architectures as [(typeof architectures)[0]];
          const call = { architecture: arch, number: numberOn(name, table)!, args };
          assert.deepEqual(outcome(a, call), before.outcome, texts.join('\n'));
          assert.deepEqual(outcome(b, call), after.outcome, texts.join('\n'));
        }
      for (let probe = 0; probe < 60; probe++) {
        const arch = architecture(chance.pick(ARCHITECTURES))!;
        const name = chance.pick(NAMES);
        const number = numberOn(name, arch.table);
        if (number === undefined || !a.filter(arch.table)) continue;
        const call = randomCall(chance, arch.name, number);
        const [left, right] = [outcome(a, call), outcome(b, call)];
        if (!left || !right || sameOutcome(left, right)) continue;
        differing++;
        const known = syscalls.some((one) => one.name === name && one.architectures.includes(arch));
        assert.ok(known, `${name} ${call.args} on ${arch.name}\n${texts.join('\n')}`);
      }
    }
    assert.ok(differing > 500, `only ${differing} calls differed`);
  });

  it('is the same the other way round', () => {
    const chance = new Chance(3);
    const turned = { looser: 'tighter', tighter: 'looser', changed: 'changed', unpredictable: 'unpredictable' };
    for (let round = 0; round < 80; round++) {
      const texts = pair(chance);
      const [a, b] = [policy(texts[0]), policy(texts[1])];
      const there = compare(a, b).syscalls.map(({ name, change }) => `${turned[change]} ${name}`);
      const back = compare(b, a).syscalls.map(({ name, change }) => `${change} ${name}`);
      assert.deepEqual(there.toSorted(), back.toSorted(), texts.join('\n'));
    }
  });

  it('does not see the order of rules for different syscalls', () => {
    const chance = new Chance(4);
    for (let round = 0; round < 80; round++) {
      const head = headText(chance);
      const rules = NAMES.filter((name) => name !== 'shmget').map((name) => ruleText(chance, [name]));
      const [a, b] = [policy(profileText(head, rules)), policy(profileText(head, chance.shuffled(rules)))];
      assert.deepEqual(told(compare(a, b)), [], profileText(head, rules));
    }
  });

  function outcome(of: Policy, call: Parameters<typeof evaluate>[1]) {
    const answer = evaluate(of, call);
    return answer && isPredicted(answer) ? answer.outcome : undefined;
  }
});
