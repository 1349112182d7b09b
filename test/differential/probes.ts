import type { Call } from '../../server/src/policy/evaluate.ts';
import type { Target } from '../../server/src/policy/target.ts';
import { shortName } from './driver.ts';
import type { Random } from './random.ts';
import { expand, type Numbers } from './runtime.ts';
import type { Written, WrittenCondition } from './written.ts';

const FULL = 2n ** 64n - 1n;
const LOW = 0xffffffffn;

/** Calls of a multiplexer that select a member; conditions on its first argument are replaced by these. */
const SELECTORS = [1n, 2n, 3n, 5n, 9n, 10n, 14n, 18n, 23n, 4n];

/** Numbers that no name has, around the bit that makes a call one of x32. */
const ODD = [0, 1, 500, 0x3fffffff, 0x40000000, 0x400001ff, 0x7fffffff, 0x80000000, 0xbfffffff, 0xc0000000, 0xffffffff];

const FOREIGN = ['SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_ARM'];

/** The same syscall numbers in the other byte order, under another token. */
const TWINS: Readonly<Record<string, string>> = {
  SCMP_ARCH_PPC64: 'SCMP_ARCH_PPC64LE',
  SCMP_ARCH_PPC64LE: 'SCMP_ARCH_PPC64',
  SCMP_ARCH_MIPS: 'SCMP_ARCH_MIPSEL',
  SCMP_ARCH_MIPSEL: 'SCMP_ARCH_MIPS',
  SCMP_ARCH_MIPS64: 'SCMP_ARCH_MIPSEL64',
  SCMP_ARCH_MIPSEL64: 'SCMP_ARCH_MIPS64',
  SCMP_ARCH_MIPS64N32: 'SCMP_ARCH_MIPSEL64N32',
  SCMP_ARCH_MIPSEL64N32: 'SCMP_ARCH_MIPS64N32',
};

/** Calls that ask where a filter could be wrong: around every operand, with and without bits of the upper half. */
export async function probes(
  rng: Random,
  profile: Written,
  target: Target,
  numbers: Numbers,
  each = 14,
): Promise<readonly Call[]> {
  const { syscalls, architectures = [] } = expand(profile, target);
  const archs = [...new Set([target.architecture, ...architectures])];
  const foreign = rng.chance(0.2) ? [...FOREIGN, ...archs.flatMap((arch) => TWINS[arch] ?? [])] : [];
  const named = syscalls.flatMap((rule) => rule.names ?? []).filter((name) => name !== '');
  const names = [...new Set([...named, 'socketcall', 'ipc'])];
  const conditions = syscalls.flatMap((rule) => rule.args ?? []);
  const calls: Call[] = [];
  for (const architecture of new Set([...archs, ...foreign])) {
    const arch = shortName(architecture);
    const found = await Promise.all(names.map((name) => numbers.numberOf(arch, name)));
    for (const number of new Set(found.filter((each) => each !== undefined)))
      for (let i = 0; i < each; i++) calls.push({ architecture, number, args: values(rng, syscalls, conditions) });
    for (const number of rng.sample(ODD, 2))
      calls.push({ architecture, number, args: values(rng, syscalls, conditions) });
  }
  return calls;
}

/** Six arguments: often ones that a rule of the profile asks for, changed a little. */
function values(rng: Random, rules: Written['syscalls'], all: readonly WrittenCondition[]): readonly bigint[] {
  const args = Array.from({ length: 6 }, (_, index) =>
    around(
      rng,
      all.filter((each) => Number(each.index) === index),
    ),
  );
  const rule = rng.chance(0.7) && rules.length > 0 ? rng.pick(rules) : undefined;
  for (const condition of rule?.args ?? [])
    if (condition.index < 6n) args[Number(condition.index)] = satisfying(rng, condition);
  if (rng.chance(0.1)) args[rng.below(6)] = rng.bits64();
  return args;
}

function around(rng: Random, conditions: readonly WrittenCondition[]): bigint {
  if (conditions.length === 0 || rng.chance(0.1)) return rng.pick([0n, 1n, LOW, LOW + 1n, FULL, ...SELECTORS]);
  const { value, valueTwo = 0n } = rng.pick(conditions);
  const base = rng.chance(0.2) ? valueTwo : value;
  return distort(rng, base + rng.pick([-1n, 0n, 0n, 1n]));
}

function distort(rng: Random, value: bigint): bigint {
  const kind = rng.below(10);
  if (kind === 0) return (value ^ (1n << 32n)) & FULL;
  if (kind === 1) return ((rng.bits64() << 32n) | (value & LOW)) & FULL;
  if (kind === 2) return value & LOW;
  if (kind === 3) return ((value & (LOW << 32n)) | (rng.bits64() & LOW)) & FULL;
  return value & FULL;
}

function satisfying(rng: Random, { op, value, valueTwo = 0n }: WrittenCondition): bigint {
  const step = rng.pick([0n, 1n, 2n]);
  switch (op) {
    case 'SCMP_CMP_EQ':
      return value;
    case 'SCMP_CMP_NE':
      return distort(rng, value + 1n);
    case 'SCMP_CMP_LT':
      return (value - 1n - step) & FULL;
    case 'SCMP_CMP_LE':
      return (value - step) & FULL;
    case 'SCMP_CMP_GT':
      return (value + 1n + step) & FULL;
    case 'SCMP_CMP_GE':
      return (value + step) & FULL;
    default:
      return (valueTwo & value) | (rng.bits64() & ~value & FULL);
  }
}
