import type { Architecture } from '../catalog/index.ts';
import type { Condition, Text } from '../profile/model.ts';
import {
  type ChangedRule,
  conditionGroups,
  type Outcome,
  type Resolved,
  type ResolvedRule,
  sameOutcome,
} from './resolve.ts';
import { type Slot, slotsOn } from './slots.ts';
import { loaderOf, type Target } from './target.ts';

/** One comparison as libseccomp makes it, operands cut to the width of the architecture. */
export interface Test {
  /** Argument, 0 to 5. */
  readonly index: number;
  /** `SCMP_CMP_EQ`. */
  readonly op: string;
  /** What the argument is compared with; the mask for `SCMP_CMP_MASKED_EQ`. */
  readonly value: bigint;
  /** What the masked argument must equal; 0 for other operators. */
  readonly datum: bigint;
}

/** A rule for one syscall as it stands in the filter. */
export interface LoadedRule {
  readonly source: ResolvedRule;
  readonly name: Text;
  readonly outcome: Outcome;
  /** All must hold; empty for an unconditional rule. */
  readonly tests: readonly Test[];
  readonly conditions: readonly Condition[];
}

/** Why a name of a rule leaves no trace in the filter of an architecture. */
export type LostReason = 'same-as-default' | 'unknown-name' | 'too-new' | 'absent';

export interface LostName {
  readonly source: ResolvedRule;
  readonly name: Text;
  readonly reason: LostReason;
}

/** What the filter holds for one syscall. Stays the same object from one version of a profile to the next while its rules do. */
export interface SyscallFilter {
  /** Every rule for it that is handed to libseccomp, in order. */
  readonly rules: readonly LoadedRule[];
  readonly unconditional: LoadedRule | undefined;
  readonly conditional: readonly LoadedRule[];
  /** Conditional rules that libseccomp took before the unconditional one erased them; absent where there are none. */
  readonly erased: readonly LoadedRule[] | undefined;
  /** The names by which the rules are for it: one, but for syscalls of several names, and those through which others are made. */
  readonly names: readonly string[];
  /** Whether some rule is written with conditions, be they lost or not. */
  readonly isConditional: boolean;
}

/** The filter of one architecture, as libseccomp would build it from the resolved rules. */
export interface ArchFilter {
  readonly architecture: Architecture;
  /** By syscall number of the architecture, in no order: two names can share one. */
  readonly syscalls: ReadonlyMap<number, SyscallFilter>;
  /** The numbers of those with conditional rules, in ascending order: they are few, and about them there is most to ask. */
  readonly conditioned: readonly number[];
  /** The numbers of those with rules that leave no trace, in ascending order as well. */
  readonly contested: readonly number[];
  /** Names that are for no syscall of the filter, in the order of the text. */
  readonly dropped: readonly LostName[];
  /** By name, in no order: libseccomp also takes and compares rules for names that have no number of their own on the architecture. */
  readonly numberless: ReadonlyMap<string, SyscallFilter>;
}

/**
 * Adds the rules in order as libseccomp does (`src/db.c: db_col_rule_add`). Linear in the names, but for a rule that repeats an
 * argument: libseccomp is handed a rule for each name and condition as well.
 */
export function load(resolved: Resolved, architecture: Architecture, target: Target): ArchFilter {
  const part = new Part();
  for (const source of resolved.rules) part.add(source, source.names, resolved, architecture, target);
  const { syscalls, dropped, numberless } = part;
  return { architecture, ...numbered(syscalls), dropped, numberless };
}

/**
 * The same as to load all rules anew after one changed, at the cost of its names. Takes over `filter`, which must not be used
 * any more. `resolved` is what the rules have become.
 */
export function reload(filter: ArchFilter, change: ChangedRule, resolved: Resolved, target: Target): ArchFilter {
  const { architecture } = filter;
  const { name } = change;
  // another architecture may still be loaded
  if (name && change.after) PLAIN.delete(change.after);
  const partOf = (source: ResolvedRule | undefined, only: Text | undefined): Part => {
    const part = new Part();
    if (source) part.add(source, only ? [only] : source.names, resolved, architecture, target);
    return part;
  };
  const [left, come] = [partOf(change.before, name?.before), partOf(change.after, name?.after)];
  exchange(filter.numberless, left.numberless, come.numberless, change);
  return {
    architecture,
    ...exchangedNumbers(filter, exchange(filter.syscalls, left.syscalls, come.syscalls, change)),
    dropped:
      left.dropped.length + come.dropped.length > 0
        ? exchangedIn(filter.dropped, come.dropped, change)
        : filter.dropped,
    numberless: filter.numberless,
  };
}

/**
 * Takes the rule that was out of the syscalls that it was for, and puts the one that is into its own, in place. Tells what
 * became of each syscall.
 */
function exchange<K>(
  filters: ReadonlyMap<K, SyscallFilter>,
  left: ReadonlyMap<K, SyscallFilter>,
  come: ReadonlyMap<K, SyscallFilter>,
  change: ChangedRule,
): readonly Exchanged<K>[] {
  const written = filters as Map<K, SyscallFilter>;
  return [...new Set([...left.keys(), ...come.keys()])].map((key) => {
    const before = filters.get(key);
    const rules = exchangedIn(before?.rules ?? NO_RULES, come.get(key)?.rules ?? NO_RULES, change);
    const after = rules.length > 0 ? new Held(rules) : undefined;
    if (after) written.set(key, after);
    else written.delete(key);
    return { key, before, after };
  });
}

interface Exchanged<K> {
  readonly key: K;
  readonly before: SyscallFilter | undefined;
  readonly after: SyscallFilter | undefined;
}

type Numbered = Pick<ArchFilter, 'syscalls' | 'conditioned' | 'contested'>;

function exchangedNumbers(
  { syscalls, conditioned, contested }: ArchFilter,
  exchanged: readonly Exchanged<number>[],
): Numbered {
  return {
    syscalls,
    conditioned: withNumbers(conditioned, exchanged, isConditioned),
    contested: withNumbers(contested, exchanged, isContested),
  };
}

/** Ascending numbers of the filters for which something holds, after some filters became others. */
function withNumbers(
  numbers: readonly number[],
  exchanged: readonly Exchanged<number>[],
  holds: (filter: SyscallFilter) => boolean,
): readonly number[] {
  const is = (filter: SyscallFilter | undefined): boolean => filter !== undefined && holds(filter);
  const turned = exchanged.filter(({ before, after }) => is(before) !== is(after));
  if (turned.length === 0) return numbers;
  const next = new Set(numbers);
  for (const { key, after } of turned)
    if (is(after)) next.add(key);
    else next.delete(key);
  return [...next].sort((a, b) => a - b);
}

const isConditioned = ({ conditional }: SyscallFilter): boolean => conditional.length > 0;
const isContested = ({ rules, unconditional }: SyscallFilter): boolean =>
  unconditional !== undefined && rules.length > 1;

/** A list in the order of the rules, with what is of the changed rule exchanged. */
function exchangedIn<T extends Pick<LoadedRule, 'source' | 'name'>>(
  list: readonly T[],
  come: readonly T[],
  { before, name }: ChangedRule,
): T[] {
  const kept = list.filter((each) => each.source !== before || (name && each.name !== name.before));
  const [first] = come;
  if (!first) return kept;
  // the rules stand in the order of the text
  const at = kept.findIndex((each) => each.name.node.start > first.name.node.start);
  return at < 0 ? [...kept, ...come] : [...kept.slice(0, at), ...come, ...kept.slice(at)];
}

function numbered(syscalls: ReadonlyMap<number, SyscallFilter>): Numbered {
  const conditioned: number[] = [];
  const contested: number[] = [];
  syscalls.forEach((filter, number) => {
    if (isConditioned(filter)) conditioned.push(number);
    else if (isContested(filter)) contested.push(number);
  });
  const ascending = (a: number, b: number): number => a - b;
  return { syscalls, conditioned: conditioned.sort(ascending), contested: contested.sort(ascending) };
}

/** What rules of the profile add to the filter of an architecture. */
class Part {
  readonly syscalls = new Map<number, Held>();
  readonly numberless = new Map<string, Held>();
  readonly dropped: LostName[] = [];

  /** Adds a rule, for those of its names that are given. */
  add(
    source: ResolvedRule,
    names: readonly Text[],
    resolved: Resolved,
    architecture: Architecture,
    target: Target,
  ): void {
    const { outcome } = source;
    if (resolved.default !== undefined && sameOutcome(outcome, resolved.default)) {
      for (const name of names) this.dropped.push({ source, name, reason: 'same-as-default' });
      return;
    }
    const slotOf = slotsOn(architecture, target.libseccomp);
    // a rule can name hundreds of syscalls: its conditions are read once for all of them
    const variants = variantsOf(source, architecture, target);
    const plain = source.rule.conditions.length === 0 && names === source.names ? plainRules(source) : undefined;
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      const slot = slotOf(name.value);
      if (slot.dropped) this.dropped.push({ source, name, reason: slot.dropped });
      if (slot.dropped && !slot.numberless) continue;
      for (const { conditions, tests } of variants)
        this.place(plain?.[i] ?? { source, name, outcome, conditions, tests }, slot);
    }
  }

  private place(rule: LoadedRule, { dropped, number, through, numberless }: Slot): void {
    if (numberless) put(this.numberless, rule.name.value, rule);
    if (dropped) return;
    if (number !== undefined) put(this.syscalls, number, rule);
    if (!through) return;
    const tests = [through.selector, ...rule.tests.filter((test) => test.index !== 0)];
    put(this.syscalls, through.number, { ...rule, tests });
  }
}

function put<K>(filters: Map<K, Held>, key: K, rule: LoadedRule): void {
  const filter = filters.get(key);
  if (filter) filter.add(rule);
  else filters.set(key, new Held([rule]));
}

const PLAIN = new WeakMap<ResolvedRule, readonly LoadedRule[]>();

/** The rules of a source without conditions, by name: the same objects for all architectures. */
function plainRules(source: ResolvedRule): readonly LoadedRule[] {
  const { names, outcome } = source;
  const known = PLAIN.get(source) ?? names.map((name) => ({ source, name, outcome, conditions: NONE, tests: NONE }));
  PLAIN.set(source, known);
  return known;
}

const NONE: readonly never[] = [];

/** The conditions that a rule adds together; one for each condition where an index repeats. */
type Variant = Pick<LoadedRule, 'conditions' | 'tests'>;

function variantsOf({ rule }: ResolvedRule, { bits }: Architecture, target: Target): readonly Variant[] {
  return conditionGroups(rule, loaderOf(target)).map((conditions) => {
    const tests = conditions.flatMap((condition) => testOf(condition, bits) ?? []);
    return { conditions, tests };
  });
}

/** What all syscalls without conditional rules share, which are nearly all. */
const NO_RULES: readonly LoadedRule[] = [];

/**
 * An unconditional rule erases conditional ones and ends the matter, whatever their order; of two unconditional ones the
 * first stays (libseccomp: `src/db.c`).
 */
class Held implements SyscallFilter {
  readonly rules: LoadedRule[];
  unconditional: LoadedRule | undefined;
  conditional: readonly LoadedRule[] = NO_RULES;
  erased: readonly LoadedRule[] | undefined;
  // fields, since there are more than a thousand of these, and tables of weak references cost the garbage collector dear
  private foundNames: readonly string[] | undefined;
  private foundConditional: boolean | undefined;

  /** Takes over the list. */
  constructor(rules: LoadedRule[]) {
    let first = 0;
    while (first < rules.length && rules[first]!.tests.length > 0) first++;
    this.rules = rules;
    this.unconditional = rules[first];
    if (!this.unconditional) this.conditional = rules;
    else if (first > 0) this.erased = rules.slice(0, first);
  }

  /** Only while a filter is put together. */
  add(rule: LoadedRule): void {
    if (rule.tests.length === 0 && !this.unconditional) {
      this.unconditional = rule;
      this.conditional = NO_RULES;
      this.erased = [...this.rules];
    }
    this.rules.push(rule);
  }

  get names(): readonly string[] {
    this.foundNames ??= distinctNames(this.rules);
    return this.foundNames;
  }

  get isConditional(): boolean {
    this.foundConditional ??= this.rules.some(({ source }) => source.rule.conditions.length > 0);
    return this.foundConditional;
  }
}

function distinctNames(rules: readonly LoadedRule[]): readonly string[] {
  const first = rules[0]!.name.value;
  const isSame = rules.every(({ name }) => name.value === first);
  return isSame ? [first] : [...new Set(rules.map(({ name }) => name.value))];
}

/** Every set of conditional rules that libseccomp takes for the architecture, those that are erased later included. */
export function takenSets({ syscalls, numberless }: ArchFilter): readonly (readonly LoadedRule[])[] {
  const sets: (readonly LoadedRule[])[] = [];
  for (const filters of [syscalls, numberless])
    filters.forEach(({ conditional, erased }) => {
      if (erased || conditional.length > 0) sets.push(erased ?? conditional);
    });
  return sets;
}

/** The comparison of a condition; undefined when it is always true (an empty mask), so that it drops out. */
function testOf(condition: Condition, bits: 32 | 64): Test | undefined {
  const width = bits === 32 ? 0xffffffffn : 0xffffffffffffffffn;
  const value = (condition.value?.value ?? 0n) & width;
  const op = condition.op?.value ?? '';
  const masked = op === 'SCMP_CMP_MASKED_EQ';
  if (masked && value === 0n) return undefined;
  const datum = masked ? (condition.valueTwo?.value ?? 0n) & value : 0n;
  return { index: Number(condition.index?.value ?? 0n), op, value, datum };
}

/** Whether the test holds for an argument, given as unsigned 64-bit; 32-bit architectures pass 32 bits. */
export function holds(test: Test, argument: bigint): boolean {
  switch (test.op) {
    case 'SCMP_CMP_NE':
      return argument !== test.value;
    case 'SCMP_CMP_LT':
      return argument < test.value;
    case 'SCMP_CMP_LE':
      return argument <= test.value;
    case 'SCMP_CMP_EQ':
      return argument === test.value;
    case 'SCMP_CMP_GE':
      return argument >= test.value;
    case 'SCMP_CMP_GT':
      return argument > test.value;
    case 'SCMP_CMP_MASKED_EQ':
      return (argument & test.value) === test.datum;
    default:
      return false;
  }
}
