import { type ArchTable, numberedOn, numberOn } from '../../catalog/index.ts';
import type { LoadedRule, SyscallFilter } from '../../policy/load.ts';
import type { Policy } from '../../policy/policy.ts';
import { type ResolvedRule, sameOutcome } from '../../policy/resolve.ts';
import type { Text } from '../../profile/model.ts';

/** A name of a rule that another rule made void. */
export interface Overruled {
  /** Stands for it in lists of findings. */
  readonly unit: number;
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
  /**
   * Where rules name it in vain because of another rule; a name that stands twice in one rule is left to `duplicate-name`.
   * Each stays the same object as long as the two rules do.
   */
  readonly overruled: readonly Overruled[];
}

/** What became of a syscall that a version before had, too. Takes over what it has in common with it, so it is asked first. */
export function changesSince(before: NamedSyscall | undefined, after: NamedSyscall): Changes {
  const old = before?.overruled ?? [];
  const now = after instanceof Named ? after.inherit(old) : after.overruled;
  const [most, last] = [Math.min(old.length, now.length), { old: old.length - 1, now: now.length - 1 }];
  let head = 0;
  while (head < most && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < most - head && old[last.old - tail] === now[last.now - tail]) tail++;
  const [gone, come] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  const [were, are] = [new Set(gone), new Set(come)];
  return { gone: gone.filter((each) => !are.has(each)), come: come.filter((each) => !were.has(each)) };
}

export interface Changes {
  readonly gone: readonly Overruled[];
  readonly come: readonly Overruled[];
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
    for (const number of filter?.contested ?? []) {
      const own = filter!.syscalls.get(number)!;
      for (const name of own.names)
        if (!before.some((earlier) => numberOn(name, earlier) !== undefined)) found.set(name, namedIn(own, name));
    }
    before.push(table);
  }
  return found;
}

const NAMED_IN = new WeakMap<SyscallFilter, readonly NamedSyscall[]>();

function namedIn(filter: SyscallFilter, name: string): NamedSyscall {
  const known = NAMED_IN.get(filter) ?? filter.names.map((each) => new Named(each, filter));
  NAMED_IN.set(filter, known);
  // one that rules reach by another name only has nothing to be said of it
  return known.find((each) => each.name === name) ?? new Named(name, filter);
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
    this.found ??= this.find([]);
    return this.found;
  }

  inherit(old: readonly Overruled[]): readonly Overruled[] {
    this.found ??= this.find(old);
    return this.found;
  }

  private find(old: readonly Overruled[]): readonly Overruled[] {
    const { unconditional: by, rules } = this.filter;
    if (by?.name.value !== this.name) return [];
    const found: Overruled[] = [];
    let places: ReadonlyMap<Text, number> | undefined;
    let next = 0;
    for (const { source, name } of rules) {
      // of several conditions on one argument each makes a rule
      if (source.rule === by.source.rule || name.value !== this.name || found.at(-1)?.name === name) continue;
      // both lists are in the order of the text, and hardly differ
      if (old[next]?.name !== name) places ??= new Map(old.map((each, i) => [each.name, i]));
      const at = old[next]?.name === name ? next : places?.get(name);
      const same = at === undefined ? undefined : old[at];
      if (at !== undefined) next = at + 1;
      found.push(same?.by === by && same.source === source ? same : { unit: --lastUnit, source, name, by });
    }
    return found;
  }
}

export function agrees(lost: Overruled): boolean {
  return sameOutcome(lost.source.outcome, lost.by.outcome);
}

export function isConditional(lost: Overruled): boolean {
  return lost.source.rule.conditions.length > 0;
}
