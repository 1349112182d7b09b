import type { Architecture } from '../catalog/index.ts';
import type { Condition, Text } from '../profile/model.ts';
import { conditionGroups, type Outcome, type Resolved, type ResolvedRule, sameOutcome } from './resolve.ts';
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
export type LostReason =
  | 'same-as-default'
  | 'unknown-name'
  | 'too-new'
  | 'earlier-unconditional'
  | 'later-unconditional'
  | 'absent';

export interface LostName {
  readonly source: ResolvedRule;
  readonly name: Text;
  readonly reason: LostReason;
  /** The rule that made it void, where it was one. */
  readonly by?: LoadedRule;
}

/** What the filter holds for one syscall. */
export interface SyscallFilter {
  unconditional: LoadedRule | undefined;
  readonly conditional: LoadedRule[];
  /** Conditional rules that libseccomp took before the unconditional one erased them; absent where there are none. */
  erased?: readonly LoadedRule[];
}

/** The filter of one architecture, as libseccomp would build it from the resolved rules. */
export interface ArchFilter {
  readonly architecture: Architecture;
  /** By syscall number of the architecture: two names can share one. */
  readonly syscalls: ReadonlyMap<number, SyscallFilter>;
  /** The numbers of those with conditional rules, which are few, and about which there is most to ask. */
  readonly conditioned: readonly number[];
  readonly lost: readonly LostName[];
  /** By name: libseccomp also takes and compares rules for names that have no number of their own on the architecture. */
  readonly numberless: ReadonlyMap<string, SyscallFilter>;
}

/**
 * Adds the rules in order as libseccomp does (`src/db.c: db_col_rule_add`): an unconditional rule erases conditional
 * ones and ends the matter, whatever their order; of two unconditional ones the first stays. Linear in the names.
 */
export function load(resolved: Resolved, architecture: Architecture, target: Target): ArchFilter {
  const syscalls = new Map<number, SyscallFilter>();
  const lost: LostName[] = [];
  const numberless = new Map<string, SyscallFilter>();
  const slotOf = slotsOn(architecture, target.libseccomp);
  for (const source of resolved.rules) {
    const same = resolved.default !== undefined && sameOutcome(source.outcome, resolved.default);
    // a rule can name hundreds of syscalls: its conditions are read once for all of them
    const variants = same ? [] : variantsOf(source, architecture, target);
    source.names.forEach((name) => {
      const slot = slotOf(name.value);
      const reason = same ? 'same-as-default' : slot.dropped;
      if (reason) lost.push({ source, name, reason });
      else variants.forEach((variant) => void place(syscalls, variant, source, name, slot, lost));
      if (!same && slot.numberless)
        for (const { conditions, tests } of variants) add(numberless, name.value, source, name, conditions, tests);
    });
  }
  return { architecture, syscalls, conditioned: conditionedOf(syscalls), lost, numberless };
}

function conditionedOf(syscalls: ReadonlyMap<number, SyscallFilter>): readonly number[] {
  const numbers: number[] = [];
  syscalls.forEach(({ conditional }, number) => {
    if (conditional.length > 0) numbers.push(number);
  });
  return numbers;
}

/** The conditions that a rule adds together; one for each condition where an index repeats. */
type Variant = Pick<LoadedRule, 'conditions' | 'tests'>;

function variantsOf({ rule }: ResolvedRule, { bits }: Architecture, target: Target): readonly Variant[] {
  return conditionGroups(rule, loaderOf(target)).map((conditions) => {
    const tests = conditions.flatMap((condition) => testOf(condition, bits) ?? []);
    return { conditions, tests };
  });
}

/** Adds a rule for a name under its own number, and under that of `socketcall` or `ipc` where calls go through those. */
function place(
  syscalls: Map<number, SyscallFilter>,
  { conditions, tests }: Variant,
  source: ResolvedRule,
  name: Text,
  { number, through }: Slot,
  lost: LostName[],
): void {
  if (number !== undefined) add(syscalls, number, source, name, conditions, tests, lost);
  if (!through) return;
  const selected = [through.selector, ...tests.filter((test) => test.index !== 0)];
  add(syscalls, through.number, source, name, conditions, selected, lost);
}

/** What all syscalls without conditional rules share, which are nearly all; never written to. */
const NO_RULES: LoadedRule[] = [];

function add<K>(
  filters: Map<K, SyscallFilter>,
  key: K,
  source: ResolvedRule,
  name: Text,
  conditions: LoadedRule['conditions'],
  tests: LoadedRule['tests'],
  lost?: LostName[],
): void {
  const filter = filters.get(key);
  // made only where it is kept: in long profiles most names have their rule already
  if (filter?.unconditional) {
    lost?.push({ source, name, reason: 'earlier-unconditional', by: filter.unconditional });
    return;
  }
  const rule = { source, name, outcome: source.outcome, conditions, tests };
  const unconditional = tests.length === 0;
  if (!filter) {
    filters.set(
      key,
      unconditional
        ? { unconditional: rule, conditional: NO_RULES }
        : { unconditional: undefined, conditional: [rule] },
    );
  } else if (unconditional) {
    filter.unconditional = rule;
    filter.erased = [...filter.conditional];
    for (const erased of filter.conditional.splice(0))
      lost?.push({ source: erased.source, name: erased.name, reason: 'later-unconditional', by: rule });
  } else filter.conditional.push(rule);
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
