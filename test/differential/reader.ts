import type { Call } from '../../server/src/policy/evaluate.ts';
import type { Target } from '../../server/src/policy/target.ts';
import { shortName } from './driver.ts';
import { encode, expand, type Library } from './runtime.ts';
import type { Written, WrittenCondition, WrittenRule } from './written.ts';

/**
 * What a reader takes a profile to say of a call, written down a second time: the outcomes of the rules of which every
 * condition holds; those with conditions before those without, the default where none does. Several where rules
 * contradict each other, undefined where the profile says nothing of the architecture.
 */
export type Reader = (call: Call) => Promise<ReadonlySet<number> | undefined>;

export function readerOf(profile: Written, target: Target, library: Library): Reader {
  const { defaultAction, defaultErrnoRet, architectures = [], syscalls } = expand(profile, target);
  const covered = new Set([target.architecture, ...architectures]);
  const byName = new Map<string, WrittenRule[]>();
  for (const rule of syscalls)
    for (const name of rule.names ?? []) byName.set(name, [...(byName.get(name) ?? []), rule]);
  return async (call) => {
    const { architecture, number, args } = inMode(call);
    if (!covered.has(architecture)) return undefined;
    const name = await nameOf(library, shortName(architecture), number);
    const passed = WIDE.has(architecture) ? args : args.map((value) => value & 0xffffffffn);
    const holding = ((name && byName.get(name)) || []).filter((rule) => matches(rule, passed));
    const special = holding.filter(({ args }) => (args?.length ?? 0) > 0);
    const rules = special.length > 0 ? special : holding;
    const outcomes = rules.map(({ action, errnoRet }) => encode(action, errnoRet));
    return new Set(outcomes.length > 0 ? outcomes : [encode(defaultAction, defaultErrnoRet)]);
  };
}

/** Architectures whose arguments have 64 bits; the kernel passes 32 for the others. */
const WIDE = new Set(
  'X86_64 AARCH64 MIPS64 MIPSEL64 PPC64 PPC64LE RISCV64 S390X LOONGARCH64 PARISC64'
    .split(' ')
    .map((name) => `SCMP_ARCH_${name}`),
);

/** The name of a number; libseccomp also names numbers that merely look like one without the bits of the architecture. */
async function nameOf(library: Library, arch: string, number: number): Promise<string | undefined> {
  const name = await library.nameOf(arch, number);
  const own = name && (await library.numberOf(arch, name));
  return own === undefined || own === number ? name : undefined;
}

/** x86-64 and x32 share a token: the number tells them apart. */
export function inMode(call: Call): Call {
  if (call.architecture !== 'SCMP_ARCH_X86_64' && call.architecture !== 'SCMP_ARCH_X32') return call;
  return { ...call, architecture: call.number >= 0x40000000 ? 'SCMP_ARCH_X32' : 'SCMP_ARCH_X86_64' };
}

function matches({ args }: WrittenRule, passed: readonly bigint[]): boolean {
  return (args ?? []).every((condition) => holds(condition, passed[Number(condition.index)] ?? 0n));
}

function holds({ op, value, valueTwo = 0n }: WrittenCondition, argument: bigint): boolean {
  switch (op) {
    case 'SCMP_CMP_NE':
      return argument !== value;
    case 'SCMP_CMP_LT':
      return argument < value;
    case 'SCMP_CMP_LE':
      return argument <= value;
    case 'SCMP_CMP_EQ':
      return argument === value;
    case 'SCMP_CMP_GE':
      return argument >= value;
    case 'SCMP_CMP_GT':
      return argument > value;
    default:
      return (argument & value) === valueTwo;
  }
}
