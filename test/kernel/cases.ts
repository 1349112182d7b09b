import { architecture, numberOn } from '../../server/src/catalog/index.ts';
import type { Call } from '../../server/src/policy/evaluate.ts';
import { type Random, random } from '../differential/random.ts';

/** Calls that do no harm whatever their arguments are: they only change the process that makes them. */
export const HARMLESS: readonly string[] = [
  'getuid',
  'getgid',
  'getpid',
  'getppid',
  'getpgid',
  'getsid',
  'getpriority',
  'sched_getscheduler',
  'personality',
  'umask',
  'dup',
  'socket',
  'socketcall',
];

const ARCHITECTURES = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'];
const VALUES = [0, 1, 2, 3, 8, 16, 0x7fffffff, 0xffffffff, 2 ** 32, 2 ** 32 + 1, 2 ** 33, 2 ** 52];
const OPERATORS = ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ'];

/** Errno values that no call of the kernel returns by itself. */
export const FIRST_ERRNO = 1000;

/** A profile over the harmless calls, in shapes whose meaning is known. */
export function kernelProfile(seed: number): object {
  const rng = random(seed);
  const architectures = rng.sample(ARCHITECTURES, rng.below(4));
  const [defaultAction, defaultErrnoRet] = action(rng);
  const syscalls = rng.sample(HARMLESS, 4 + rng.below(8)).flatMap((name) => rulesFor(rng, name));
  return { defaultAction, defaultErrnoRet, architectures, syscalls };
}

function action(rng: Random): readonly [string, number | undefined] {
  const name = rng.pick([
    'ALLOW',
    'ALLOW',
    'ERRNO',
    'ERRNO',
    'ERRNO',
    'KILL_PROCESS',
    'KILL_THREAD',
    'TRAP',
    'LOG',
    'TRACE',
  ]);
  return [`SCMP_ACT_${name}`, name === 'ERRNO' ? FIRST_ERRNO + rng.below(3000) : undefined];
}

function rulesFor(rng: Random, name: string): readonly object[] {
  const kind = rng.below(4);
  const rule = (args: readonly object[]): object => {
    const [chosen, errnoRet] = action(rng);
    return { names: [name], action: chosen, errnoRet, args };
  };
  const test = (index: number, operators: readonly string[]): object => {
    const op = rng.pick(operators);
    const second = op === 'MASKED_EQ' ? { valueTwo: rng.pick(VALUES) } : {};
    return { index, op: `SCMP_CMP_${op}`, value: rng.pick(VALUES), ...second };
  };
  if (kind === 0) return [rule([])];
  if (kind === 1)
    return [rule(rng.sample([0, 1, 2, 3, 4, 5], 1 + rng.below(3)).map((index) => test(index, OPERATORS)))];
  const operators = kind === 2 ? ['EQ'] : ['MASKED_EQ'];
  return Array.from({ length: 2 + rng.below(4) }, () => rule([test(kind === 2 ? rng.below(2) : 0, operators)]));
}

/** The harmless calls, and numbers that no kernel has, with values close to those of the rules. */
export function kernelCalls(seed: number, each = 5): readonly Call[] {
  const rng = random(seed);
  return ARCHITECTURES.flatMap((arch) => {
    const { table } = architecture(arch)!;
    const known = HARMLESS.flatMap((name) => numberOn(name, table) ?? []);
    const absent = table === 'x32' ? [0x40000fff] : [2000, 0x3fffffff, -1 >>> 0];
    // the kernel gives x32 calls the token of x86-64
    const token = table === 'x32' ? 'SCMP_ARCH_X86_64' : arch;
    return [...known, ...absent].flatMap((number) =>
      Array.from({ length: each }, () => ({ architecture: token, number, args: values(rng, table === 'x86') })),
    );
  });
}

function values(rng: Random, narrow: boolean): readonly bigint[] {
  return Array.from({ length: 6 }, () => {
    const value = BigInt(rng.pick(VALUES)) + (rng.chance(0.2) ? 1n : 0n);
    return narrow ? value & 0xffffffffn : value;
  });
}
