import { type Architecture, architecture } from '../catalog/index.ts';
import { clashOf } from './clash.ts';
import { type ArchFilter, holds, type LoadedRule, takenSets } from './load.ts';
import { inTestOrder } from './order.ts';
import { type Decision, filterFor, type Policy, stubDecision } from './policy.ts';
import { orderUnknown, type Unpredictable, unpredictable, unreliable } from './predictable.ts';
import { sameOutcome } from './resolve.ts';
import { dependent } from './shared.ts';

/** A call as the kernel passes it to the filter. */
export interface Call {
  /** `SCMP_ARCH_X86_64`; x32 calls come with the x86-64 token and bit 30 of the number set. */
  readonly architecture: string;
  /** Unsigned 32-bit; -1 is 0xffffffff. */
  readonly number: number;
  /** Six unsigned 64-bit values. */
  readonly args: readonly bigint[];
}

export type Answer = Decision | Unpredictable;

export function isPredicted(answer: Answer): answer is Decision {
  return 'outcome' in answer;
}

const X32_BIT = 0x40000000;
const MINUS_ONE = 0xffffffff;
const KILL = { action: 'SCMP_ACT_KILL_THREAD' } as const;

/**
 * What one call gets from the filter that the target's runtime and libseccomp build; undefined for an architecture
 * that libseccomp does not have. Sources: runc `libcontainer/seccomp`, libseccomp `src/gen_bpf.c`, measured.
 */
export function evaluate(policy: Policy, call: Call): Answer | undefined {
  const arch = architecture(call.architecture);
  if (!arch) return undefined;
  const stub = stubDecision(policy, modeOf(arch, (call.number & X32_BIT) !== 0), call.number);
  if (stub) return stub;
  const mode = modeOf(arch, call.number >= X32_BIT);
  const filter = filterFor(policy, mode);
  if (!filter) {
    const bare = mode.table === 'x32' && call.number === MINUS_ONE ? policy.filter('x86_64') : undefined;
    return bare ? decide(policy, bare, call) : { outcome: KILL, reason: { kind: 'foreign' } };
  }
  return decide(policy, filter, call);
}

/**
 * The kernel gives x32 calls the x86-64 token, so that the number tells them apart: runc by bit 30, libseccomp by size,
 * which is not the same from 2³¹ on (runc: `libcontainer/seccomp/patchbpf`, libseccomp: `src/gen_bpf.c`).
 */
function modeOf(arch: Architecture, isX32: boolean): Architecture {
  if (arch.table !== 'x86_64' && arch.table !== 'x32') return arch;
  return architecture(isX32 ? 'SCMP_ARCH_X32' : 'SCMP_ARCH_X86_64')!;
}

function decide(policy: Policy, filter: ArchFilter, call: Call): Answer {
  const found = filter.syscalls.get(call.number);
  const conditional = found?.conditional ?? [];
  const reason = unreliable(conditional) ?? dependent(policy, filter, call.number);
  if (reason) return reason;
  if (found?.unconditional) return decision(found.unconditional);
  const [match, ...more] = matching(filter, conditional, call);
  if (!match) return { outcome: policy.resolved.default!, reason: { kind: 'default' } };
  const agreed = more.every((rule) => sameOutcome(rule.outcome, match.outcome));
  return agreed || !unpredictable(conditional) ? decision(match) : orderUnknown([match, ...more]);
}

/** The rules that a call matches, in the order of the filter. */
function matching(filter: ArchFilter, rules: readonly LoadedRule[], call: Call): readonly LoadedRule[] {
  if (rules.length === 0) return rules;
  const { bits } = filter.architecture;
  const args = bits === 64 ? call.args : call.args.map((value) => value & 0xffffffffn);
  return inTestOrder(rules, bits).filter((rule) => rule.tests.every((test) => holds(test, args[test.index] ?? 0n)));
}

function decision(rule: LoadedRule): Decision {
  return { outcome: rule.outcome, reason: { kind: 'rule', rule } };
}

/** A set of rules of which it cannot be told whether libseccomp takes it, or ever finishes it. */
export interface OpenSet extends Unpredictable {
  /** `SCMP_ARCH_X86_64`. */
  readonly architecture: string;
}

/** What keeps it open whether the filter of a policy can be built; empty for almost all profiles. */
export function openSets(policy: Policy): readonly OpenSet[] {
  return policy.resolved.architectures.flatMap(({ name, table }) =>
    takenSets(policy.filter(table)!).flatMap((rules) => {
      const open = unreliable(rules) ?? (clashOf(rules) === 'open' ? orderUnknown(rules) : undefined);
      return open ? [{ ...open, architecture: name }] : [];
    }),
  );
}
