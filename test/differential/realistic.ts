import { syscallNames } from '../../server/src/catalog/index.ts';
import type { RuntimeName, Target } from '../../server/src/policy/target.ts';
import { type Entry, given } from './campaign.ts';
import { target } from './generate.ts';
import { type Random, random } from './random.ts';
import type { Written, WrittenCondition, WrittenRule } from './written.ts';

/** Machines and the architectures that profiles list for them. */
const MACHINES: Readonly<Record<string, readonly string[]>> = {
  X86_64: ['X86_64', 'X86', 'X32'],
  AARCH64: ['AARCH64', 'ARM'],
  S390X: ['S390X', 'S390'],
  PPC64LE: ['PPC64LE'],
  RISCV64: ['RISCV64'],
  MIPS64: ['MIPS64', 'MIPS', 'MIPS64N32'],
};
const RUNTIMES: readonly RuntimeName[] = ['docker', 'containerd', 'podman', 'crun'];

/** Lists as people and recorders write them: many names, few conditions, of the kinds that real profiles have. */
export function* realistic(first: number, count: number): Iterable<Entry> {
  for (let seed = first; seed < first + count; seed++) {
    const { profile, target: host } = realisticCase(random(seed));
    yield given(`realistic ${seed}`, profile, host, seed, 1);
  }
}

function realisticCase(rng: Random): { readonly profile: Written; readonly target: Target } {
  const host = rng.chance(0.5) ? 'X86_64' : rng.pick(Object.keys(MACHINES));
  const allowing = rng.chance(0.65);
  const listed = rng.chance(0.7) ? MACHINES[host]! : [];
  const names = rng.sample(syscallNames(), allowing ? 30 + rng.below(350) : 3 + rng.below(80));
  const profile: Written = {
    defaultAction: `SCMP_ACT_${allowing ? rng.pick(['ERRNO', 'ERRNO', 'KILL_PROCESS', 'LOG']) : 'ALLOW'}`,
    architectures: listed.map((name) => `SCMP_ARCH_${name}`),
    syscalls: [...lists(rng, names, allowing), ...conditional(rng, allowing)],
  };
  return { profile, target: target(rng.pick(RUNTIMES), host) };
}

/** One rule for all names, a rule for each, or some groups. */
function lists(rng: Random, names: readonly string[], allowing: boolean): readonly WrittenRule[] {
  const size = rng.pick([names.length, 1, 10 + rng.below(60)]);
  return Array.from({ length: Math.ceil(names.length / size) }, (_, i) => ({
    names: names.slice(i * size, (i + 1) * size),
    ...outcome(rng, allowing),
  }));
}

function outcome(rng: Random, allowing: boolean): Pick<WrittenRule, 'action' | 'errnoRet'> {
  if (allowing) return { action: rng.chance(0.95) ? 'SCMP_ACT_ALLOW' : 'SCMP_ACT_TRAP' };
  return { action: 'SCMP_ACT_ERRNO', errnoRet: rng.pick([1n, 1n, 13n, 38n]) };
}

const is = (index: number, op: string, value: bigint, valueTwo?: bigint): WrittenCondition => ({
  index: BigInt(index),
  op: `SCMP_CMP_${op}`,
  value,
  ...(valueTwo === undefined ? {} : { valueTwo }),
});

/** What the conditions of published profiles look like. */
const CONDITIONS: readonly (readonly [string, readonly (readonly WrittenCondition[])[]])[] = [
  ['personality', [0n, 8n, 0x20000n, 0x20008n, 0xffffffffn].map((value) => [is(0, 'EQ', value)])],
  ['clone', [[is(0, 'MASKED_EQ', 0x7e020000n, 0n)]]],
  ['clone', [[is(1, 'MASKED_EQ', 0x7e020000n, 0n)]]],
  ['socket', [1n, 2n, 10n, 16n].map((value) => [is(0, 'EQ', value)])],
  ['socket', [[is(0, 'NE', 40n)]]],
  ['socket', [[is(0, 'EQ', 16n), is(2, 'EQ', 9n)]]],
  ['ioctl', [0x5401n, 0x5413n, 0x541bn, 0x5421n, 0x5452n].map((value) => [is(1, 'EQ', value)])],
  ['prctl', [15n, 16n, 22n, 23n, 38n].map((value) => [is(0, 'EQ', value)])],
  ['fcntl', [1n, 2n, 3n, 4n].map((value) => [is(1, 'EQ', value)])],
  ['mprotect', [[is(2, 'MASKED_EQ', 4n, 0n)]]],
  ['kill', [[is(1, 'LE', 15n)]]],
];

function conditional(rng: Random, allowing: boolean): readonly WrittenRule[] {
  if (rng.chance(0.4)) return [];
  const chosen = rng.sample(CONDITIONS, 1 + rng.below(6));
  const action = outcome(rng, allowing);
  return chosen.flatMap(([name, groups]) => groups.map((args) => ({ names: [name], ...action, args })));
}
