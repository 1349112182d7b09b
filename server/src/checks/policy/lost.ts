import { numberedOn } from '../../catalog/index.ts';
import type { ArchFilter, LostName, SyscallFilter } from '../../policy/load.ts';
import type { Policy } from '../../policy/policy.ts';
import { sameOutcome } from '../../policy/resolve.ts';

/** A name of a rule that another rule made void on every architecture where it exists. */
export interface Overruled extends LostName {
  readonly by: NonNullable<LostName['by']>;
}

/**
 * A syscall about whose rules there is something to say by themselves. Stays the same object from one version of a profile to
 * the next while these rules do.
 */
export interface NamedSyscall {
  readonly name: string;
  /** The rules for it, once for each architecture where they count. */
  readonly filters: readonly SyscallFilter[];
  /**
   * Where rules name it in vain because of another rule, each mention once. The first architecture of the filter that has
   * the syscall decides; a name that stands twice in one rule is left to `duplicate-name`.
   */
  readonly overruled: readonly Overruled[];
}

/** The syscalls that rules name in vain, and those of a list that rules name at all. */
export function namedSyscalls(policy: Policy | undefined, list: readonly string[]): readonly NamedSyscall[] {
  if (!policy) return [];
  const known = NAMED.get(policy) ?? findNamed(policy, list);
  NAMED.set(policy, known);
  return known;
}

const NAMED = new WeakMap<Policy, readonly NamedSyscall[]>();

function findNamed(policy: Policy, list: readonly string[]): readonly NamedSyscall[] {
  const byName = new Map<string, SyscallFilter[]>();
  const { architecture, syscalls } = policy.native;
  for (const { name, number } of numberedOn(list, architecture.table)) {
    const filter = syscalls.get(number);
    if (filter) byName.set(name, [filter]);
  }
  for (const { table } of policy.resolved.architectures)
    for (const filter of contestedIn(policy.filter(table)))
      for (const name of overruledIn(filter).keys()) {
        const filters = byName.get(name);
        if (filters?.at(-1) === filter) continue;
        if (filters) filters.push(filter);
        else byName.set(name, [filter]);
      }
  return [...byName].map(([name, filters]) => groupOf(name, filters));
}

function contestedIn(filter: ArchFilter | undefined): readonly SyscallFilter[] {
  return filter ? filter.contested.map((number) => filter.syscalls.get(number)!) : [];
}

/** What is overruled among the rules of a filter, by name. */
function overruledIn(filter: SyscallFilter): ReadonlyMap<string, readonly Overruled[]> {
  const known = OVERRULED_IN.get(filter);
  if (known) return known;
  const found = new Map<string, Overruled[]>();
  for (const lost of filter.lost) {
    const { by, name, source } = lost;
    if (by?.name.value !== name.value || by.source.rule === source.rule) continue;
    const mentions = found.get(name.value);
    if (mentions) mentions.push({ ...lost, by });
    else found.set(name.value, [{ ...lost, by }]);
  }
  OVERRULED_IN.set(filter, found);
  return found;
}

const OVERRULED_IN = new WeakMap<SyscallFilter, ReadonlyMap<string, readonly Overruled[]>>();

/** By the first of its filters. */
const GROUPS = new WeakMap<SyscallFilter, Map<string, NamedSyscall>>();

function groupOf(name: string, filters: readonly SyscallFilter[]): NamedSyscall {
  const groups = GROUPS.get(filters[0]!) ?? new Map<string, NamedSyscall>();
  GROUPS.set(filters[0]!, groups);
  const known = groups.get(name);
  if (known?.filters.length === filters.length && known.filters.every((filter, i) => filter === filters[i]))
    return known;
  const mentions = new Map<unknown, Overruled>();
  for (const filter of filters)
    for (const lost of overruledIn(filter).get(name) ?? [])
      if (!mentions.has(lost.name.node)) mentions.set(lost.name.node, lost);
  const group = { name, filters, overruled: [...mentions.values()] };
  groups.set(name, group);
  return group;
}

export function agrees(lost: Overruled): boolean {
  return sameOutcome(lost.source.outcome, lost.by.outcome);
}

export function isConditional(lost: Overruled): boolean {
  return lost.source.rule.conditions.length > 0;
}
