import { type Architecture, type ArchTable, architecture, architectureOf, nameOf, numberOn } from '../catalog/index.ts';
import type { EditedProfile } from '../profile/edit.ts';
import type { Profile } from '../profile/model.ts';
import { asRead } from './as-read.ts';
import { type ArchFilter, type LoadedRule, load, reload } from './load.ts';
import {
  listedArchitectures,
  type Outcome,
  permits,
  type Resolved,
  type ResolvedRule,
  resolve,
  resolveAgain,
} from './resolve.ts';
import { type SlotOf, slotsOn } from './slots.ts';
import { isBefore, loaderOf, type Target } from './target.ts';

/** What a profile means for a target. Filters are built when first asked for, then kept. */
export interface Policy {
  /** As it is written. */
  readonly profile: Profile;
  /** As the target's reader has it, see {@link asRead}. */
  readonly read: Profile;
  readonly target: Target;
  readonly resolved: Resolved;
  /** The filter of the native architecture. */
  readonly native: ArchFilter;
  /** The filter of an architecture of the profile; undefined when it is not covered: its calls kill the thread. */
  filter(table: ArchTable): ArchFilter | undefined;
}

/** Builds the policy; undefined when no engine would load the profile for want of a valid `defaultAction`. */
export function policyOf(profile: Profile, target: Target): Policy | undefined {
  const resolved = resolve(profile, target);
  const host = architecture(target.architecture);
  if (!resolved.default || !host) return undefined;
  return built(profile, target, resolved, host.table, new Map());
}

/**
 * The same as to build the policy anew after the inside of one rule changed, at the cost of that rule's names, or of one
 * name where only that changed: what is for other syscalls stays the same object. `policy` must not be used any more.
 */
export function policyAgain(policy: Policy, edited: EditedProfile): Policy | undefined {
  const { target, resolved } = policy;
  const profile = edited.document.profile!;
  const again = resolveAgain(resolved, edited, target);
  const host = architecture(target.architecture);
  if (!again || !host) return policyOf(profile, target);
  if (again.change.before) HIGHEST_OF_RULE.delete(again.change.before);
  const filters = new Map<ArchTable, ArchFilter>();
  BUILT.get(policy)?.forEach((filter, table) => {
    filters.set(table, reload(filter, again.change, again.resolved, target));
  });
  return built(profile, target, again.resolved, host.table, filters);
}

/** The filters that are there already. */
const BUILT = new WeakMap<Policy, ReadonlyMap<ArchTable, ArchFilter>>();

function built(
  profile: Profile,
  target: Target,
  resolved: Resolved,
  host: ArchTable,
  filters: Map<ArchTable, ArchFilter>,
): Policy {
  const filter = (table: ArchTable): ArchFilter | undefined => {
    const known = filters.get(table);
    if (known) return known;
    const arch = resolved.architectures.find((candidate) => candidate.table === table);
    const loaded = arch && load(resolved, arch, target);
    if (loaded) filters.set(table, loaded);
    return loaded;
  };
  const policy: Policy = {
    profile,
    read: asRead(profile, target),
    target,
    resolved,
    filter,
    get native() {
      return filter(host)!;
    },
  };
  BUILT.set(policy, filters);
  return policy;
}

/**
 * The filter that calls of an architecture meet; undefined when it is not covered. Both byte orders of a machine share a
 * syscall table, but the kernel gives their calls different tokens.
 */
export function filterFor(policy: Policy, arch: Architecture): ArchFilter | undefined {
  const filter = policy.filter(arch.table);
  return filter?.architecture.name === arch.name ? filter : undefined;
}

/** Why a call gets what it gets. */
export type Reason =
  | { readonly kind: 'rule'; readonly rule: LoadedRule }
  | { readonly kind: 'default' }
  /** runc answers ENOSYS above the highest number that the profile names (runc: `libcontainer/seccomp/patchbpf`). */
  | { readonly kind: 'stub'; readonly above: string }
  /** The architecture is not in the filter. */
  | { readonly kind: 'foreign' };

export interface Decision {
  readonly outcome: Outcome;
  readonly reason: Reason;
}

/** What a syscall gets: the decisions that depend on arguments, and the one for all other calls. */
export interface Verdict {
  readonly name: string;
  readonly architecture: Architecture;
  readonly conditional: readonly LoadedRule[];
  readonly otherwise: Decision;
  /** `allowed` and `denied` when arguments don't matter for whether the call is executed, else `conditional`. */
  readonly kind: 'allowed' | 'denied' | 'conditional';
}

/** The verdict for a syscall by name on an architecture; undefined when the architecture does not have it. */
export function verdictOf(
  policy: Policy,
  name: string,
  arch: Architecture = policy.native.architecture,
): Verdict | undefined {
  const number = numberOn(name, arch.table);
  if (number === undefined) return undefined;
  const filter = filterFor(policy, arch);
  if (!filter)
    return verdict(name, arch, [], { outcome: { action: 'SCMP_ACT_KILL_THREAD' }, reason: { kind: 'foreign' } });
  const stub = stubDecision(policy, arch, number);
  if (stub) return verdict(name, arch, [], stub);
  const found = filter.syscalls.get(number);
  if (found?.unconditional)
    return verdict(name, arch, [], {
      outcome: found.unconditional.outcome,
      reason: { kind: 'rule', rule: found.unconditional },
    });
  return verdict(name, arch, found?.conditional ?? [], {
    outcome: policy.resolved.default!,
    reason: { kind: 'default' },
  });
}

function verdict(name: string, arch: Architecture, conditional: readonly LoadedRule[], otherwise: Decision): Verdict {
  const permitted = permits(otherwise.outcome);
  const differs = conditional.some((rule) => permits(rule.outcome) !== permitted);
  return {
    name,
    architecture: arch,
    conditional,
    otherwise,
    kind: differs ? 'conditional' : permitted ? 'allowed' : 'denied',
  };
}

/** runc's stub is prepended only where the default denies without a tracer (runc: `enosys_linux.go`). */
export function stubDecision(policy: Policy, arch: Architecture, number: number): Decision | undefined {
  const action = policy.resolved.default!.action;
  if (loaderOf(policy.target) !== 'runc') return undefined;
  if (action === 'SCMP_ACT_ALLOW' || action === 'SCMP_ACT_LOG' || action === 'SCMP_ACT_TRACE') return undefined;
  if (!stubCovers(policy, arch)) return undefined;
  const highest = highestNumber(policy, arch.table);
  // setup(2), which s390 uses for numbers that it does not know
  const setup = number === 0 && /^s390x?$/.test(arch.table);
  if (highest <= 0 || (number <= highest && !setup)) return undefined;
  const above = nameOf(highest, arch.table) ?? String(highest);
  return { outcome: { action: 'SCMP_ACT_ERRNO', errno: 38 }, reason: { kind: 'stub', above } };
}

/** Before 1.1.15 runc put its stub only in front of the architectures that the profile lists (runc: 618e149e, ccc500c4). */
function stubCovers({ read, target, resolved }: Policy, { name }: Architecture): boolean {
  if (!isBefore(target.releases?.loader, '1.1.15'))
    return resolved.architectures.some((covered) => covered.name === name);
  return listedArchitectures(read, target).some((listed) => listed.value === name);
}

const HIGHEST = new WeakMap<Resolved, Map<ArchTable, number>>();

/**
 * The highest number that any rule names on an architecture, rules without effect included; -1 when none does. Names that
 * the target's libseccomp does not know have no number there (runc: `libcontainer/seccomp/patchbpf`, findLastSyscalls).
 */
export function highestNumber(policy: Policy, table: ArchTable): number {
  const cache = HIGHEST.get(policy.resolved) ?? new Map<ArchTable, number>();
  HIGHEST.set(policy.resolved, cache);
  const found = cache.get(table);
  if (found !== undefined) return found;
  let highest = -1;
  const slotOf = slotsOn(architectureOf(table), policy.target.libseccomp);
  for (const rule of policy.resolved.rules) highest = Math.max(highest, highestOf(rule, table, slotOf));
  cache.set(table, highest);
  return highest;
}

/** Rules stay the same objects from one version of a profile to the next, until a name of theirs changes. */
const HIGHEST_OF_RULE = new WeakMap<ResolvedRule, Map<ArchTable, number>>();

function highestOf(rule: ResolvedRule, table: ArchTable, slotOf: SlotOf): number {
  const cache = HIGHEST_OF_RULE.get(rule) ?? new Map<ArchTable, number>();
  const known = cache.get(table);
  if (known !== undefined) return known;
  const highest = rule.names.reduce((most, name) => Math.max(most, slotOf(name.value).plainNumber), -1);
  HIGHEST_OF_RULE.set(rule, cache.set(table, highest));
  return highest;
}
