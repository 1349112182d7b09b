import { type Architecture, type ArchTable, numberOn, syscall } from '../catalog/index.ts';
import type { Condition, Text } from '../profile/model.ts';
import { multiplexed } from './multiplex.ts';
import { conditionGroups, type Outcome, type Resolved, type ResolvedRule, sameOutcome } from './resolve.ts';
import { compareVersions, loaderOf, type Target } from './target.ts';

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
  for (const source of resolved.rules) {
    const same = resolved.default !== undefined && sameOutcome(source.outcome, resolved.default);
    // a rule can name hundreds of syscalls: its conditions are read once for all of them
    const variants = same ? [] : variantsOf(source, architecture, target);
    for (const name of source.names) {
      const reason = same ? 'same-as-default' : whyDropped(name.value, architecture.table, target);
      if (reason) lost.push({ source, name, reason });
      else place(syscalls, variants, source, name, architecture, lost);
      if (!same && isNumberless(name.value, architecture, reason))
        for (const variant of variants)
          add(numberless, name.value, { ...variant, source, name, outcome: source.outcome });
    }
  }
  return { architecture, syscalls, lost, numberless };
}

function whyDropped(name: string, table: ArchTable, target: Target): LostReason | undefined {
  const known = syscall(name);
  if (!known) return 'unknown-name';
  if (compareVersions(known.libseccomp, target.libseccomp) > 0) return 'too-new';
  return numberOn(name, table) === undefined && !multiplexed(name, table) ? 'absent' : undefined;
}

/** Where calls are multiplexed, only their members get an entry (libseccomp: `src/syscalls.c`). */
function isNumberless(name: string, { table, multiplexes }: Architecture, reason: LostReason | undefined): boolean {
  return multiplexes ? !reason && numberOn(name, table) === undefined : reason === 'absent';
}

/** The conditions that a rule adds together; one for each condition where an index repeats. */
type Variant = Pick<LoadedRule, 'conditions' | 'tests'>;

function variantsOf({ rule }: ResolvedRule, { bits }: Architecture, target: Target): readonly Variant[] {
  return conditionGroups(rule, loaderOf(target.runtime)).map((conditions) => {
    const tests = conditions.flatMap((condition) => testOf(condition, bits) ?? []);
    return { conditions, tests };
  });
}

/** Adds a rule for a name under its own number, and under that of `socketcall` or `ipc` where calls go through those. */
function place(
  syscalls: Map<number, SyscallFilter>,
  variants: readonly Variant[],
  source: ResolvedRule,
  name: Text,
  { table }: Architecture,
  lost: LostName[],
): void {
  const direct = numberOn(name.value, table);
  const call = multiplexed(name.value, table);
  const through = call && numberOn(call.through, table);
  for (const { conditions, tests } of variants) {
    const rule = { source, name, outcome: source.outcome, conditions, tests };
    if (direct !== undefined) add(syscalls, direct, rule, lost);
    if (call && through !== undefined) {
      const selector: Test = { index: 0, op: 'SCMP_CMP_EQ', value: BigInt(call.number), datum: 0n };
      const selected = [selector, ...tests.filter((test) => test.index !== 0)];
      add(syscalls, through, { ...rule, tests: selected }, lost);
    }
  }
}

function add<K>(filters: Map<K, SyscallFilter>, key: K, rule: LoadedRule, lost: LostName[] = []): void {
  let filter = filters.get(key);
  if (!filter) {
    filter = { unconditional: undefined, conditional: [] };
    filters.set(key, filter);
  }
  const { source, name } = rule;
  if (filter.unconditional) {
    lost.push({ source, name, reason: 'earlier-unconditional', by: filter.unconditional });
  } else if (rule.tests.length > 0) {
    filter.conditional.push(rule);
  } else {
    filter.unconditional = rule;
    if (filter.conditional.length > 0) filter.erased = [...filter.conditional];
    for (const erased of filter.conditional.splice(0))
      lost.push({ source: erased.source, name: erased.name, reason: 'later-unconditional', by: rule });
  }
}

/** Every set of conditional rules that libseccomp takes for the architecture, those that are erased later included. */
export function takenSets({ syscalls, numberless }: ArchFilter): readonly (readonly LoadedRule[])[] {
  return [...syscalls.values(), ...numberless.values()].map(({ conditional, erased }) => erased ?? conditional);
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
