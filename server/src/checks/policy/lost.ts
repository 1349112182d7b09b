import { type ArchTable, numberedOn, numberOn } from '../../catalog/index.ts';
import type { LoadedRule, SyscallFilter } from '../../policy/load.ts';
import type { Policy } from '../../policy/policy.ts';
import { type ResolvedRule, sameOutcome } from '../../policy/resolve.ts';
import type { Text } from '../../profile/model.ts';

/** A name of a rule that another rule made void. */
export interface Overruled {
  readonly source: ResolvedRule;
  readonly name: Text;
  readonly by: LoadedRule;
}

/**
 * A syscall about whose rules there is something to say by themselves. Stays the same object from one version of a profile to
 * the next while these rules do.
 */
export interface NamedSyscall {
  readonly name: string;
  /** Stands for it in lists of findings; below the units of other things. */
  readonly unit: number;
  /** Its rules on the first architecture that has it, which decides. */
  readonly filter: SyscallFilter;
  /** Where rules name it in vain because of another rule; a name that stands twice in one rule is left to `duplicate-name`. */
  readonly overruled: readonly Overruled[];
}

/** The syscalls that rules name in vain, and those of a list that rules name at all. */
export function namedSyscalls(policy: Policy | undefined, list: readonly string[]): readonly NamedSyscall[] {
  if (!policy) return [];
  const known = NAMED.get(policy) ?? [...findNamed(policy, list).values()];
  NAMED.set(policy, known);
  return known;
}

const NAMED = new WeakMap<Policy, readonly NamedSyscall[]>();

function findNamed(policy: Policy, list: readonly string[]): ReadonlyMap<string, NamedSyscall> {
  const found = new Map<string, NamedSyscall>();
  const { architecture, syscalls } = policy.native;
  for (const { name, number } of numberedOn(list, architecture.table)) {
    const filter = syscalls.get(number);
    if (filter) found.set(name, namedIn(filter, name));
  }
  const before: ArchTable[] = [];
  for (const { table } of policy.resolved.architectures) {
    const filter = policy.filter(table);
    for (const number of filter?.contested ?? [])
      for (const named of allNamedIn(filter!.syscalls.get(number)!))
        if (!before.some((earlier) => numberOn(named.name, earlier) !== undefined)) found.set(named.name, named);
    before.push(table);
  }
  return found;
}

/** Nearly always a filter has rules for one name. */
const NAMED_IN = new WeakMap<SyscallFilter, Map<string, NamedSyscall>>();

function namedIn(filter: SyscallFilter, name: string): NamedSyscall {
  const names = NAMED_IN.get(filter) ?? new Map<string, NamedSyscall>();
  NAMED_IN.set(filter, names);
  const known = names.get(name) ?? new Named(name, filter);
  names.set(known.name, known);
  return known;
}

const ALL_NAMED_IN = new WeakMap<SyscallFilter, readonly NamedSyscall[]>();

function allNamedIn(filter: SyscallFilter): readonly NamedSyscall[] {
  const known = ALL_NAMED_IN.get(filter);
  if (known) return known;
  const names = new Set(filter.rules.map(({ name }) => name.value));
  const all = [...names].map((name) => namedIn(filter, name));
  ALL_NAMED_IN.set(filter, all);
  return all;
}

let lastUnit = -2;

class Named implements NamedSyscall {
  readonly name: string;
  readonly unit = --lastUnit;
  readonly filter: SyscallFilter;
  private found: readonly Overruled[] | undefined;

  constructor(name: string, filter: SyscallFilter) {
    this.name = name;
    this.filter = filter;
  }

  get overruled(): readonly Overruled[] {
    this.found ??= this.find();
    return this.found;
  }

  private find(): readonly Overruled[] {
    const { unconditional: by, rules } = this.filter;
    if (by?.name.value !== this.name) return [];
    const found: Overruled[] = [];
    // of several conditions on one argument each makes a rule
    for (const { source, name } of rules)
      if (source.rule !== by.source.rule && name.value === this.name && found.at(-1)?.name !== name)
        found.push({ source, name, by });
    return found;
  }
}

export function agrees(lost: Overruled): boolean {
  return sameOutcome(lost.source.outcome, lost.by.outcome);
}

export function isConditional(lost: Overruled): boolean {
  return lost.source.rule.conditions.length > 0;
}
