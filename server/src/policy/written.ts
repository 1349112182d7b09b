import type { Architecture } from '../catalog/index.ts';
import type { Condition, Text } from '../profile/model.ts';
import { type ArchFilter, holds, type SyscallFilter, type Test } from './load.ts';
import type { Policy } from './policy.ts';
import type { Outcome, Resolved, ResolvedRule } from './resolve.ts';
import { slotsOn } from './slots.ts';

/** A rule for one syscall as its text says it, before any engine has taken it apart. */
export interface WrittenRule {
  readonly source: ResolvedRule;
  readonly name: Text;
  /** All must hold; operands in full, empty for a rule without conditions. */
  readonly tests: readonly Test[];
}

/**
 * What a reader expects of a call: the outcomes of the rules whose conditions hold. Rules with conditions count before
 * those without, the default counts when none holds. Several outcomes where rules contradict each other.
 */
export interface Written {
  readonly outcomes: readonly Outcome[];
  /** The rules that say so; empty for the default. */
  readonly rules: readonly WrittenRule[];
}

type Rules = ReadonlyMap<number, readonly WrittenRule[]>;

/** The rules for a syscall by number, in the order of the text; the numbers are those of one architecture. */
export function writtenRules(policy: Policy, architecture: Architecture): Rules {
  const slotOf = slotsOn(architecture, policy.target.libseccomp);
  const found = new Map<number, WrittenRule[]>();
  for (const source of policy.resolved.rules) {
    const tests = source.rule.conditions.map(writtenTest);
    for (const name of source.names) {
      const { dropped, number } = slotOf(name.value);
      // a name that libseccomp does not have says nothing, whoever reads it
      if (dropped || number === undefined) continue;
      const known = found.get(number);
      if (known) known.push({ source, name, tests });
      else found.set(number, [{ source, name, tests }]);
    }
  }
  return found;
}

/** What is written for a syscall: by rules that are in the filter, and by others that never reach it since they equal the default. */
export interface WrittenFor {
  readonly number: number;
  readonly sources: readonly ResolvedRule[];
  /** Made when asked for. */
  rules(): readonly WrittenRule[];
}

/**
 * Those of the syscalls for which some rule has conditions: for the others all expect the same. Taken from the filter, which
 * keeps the rules by number from one version of a profile to the next. A name that libseccomp does not have says nothing.
 */
export function* conditionalWrittenRules(
  policy: Policy,
  { architecture, syscalls, dropped }: ArchFilter,
): Iterable<WrittenFor> {
  const slotOf = slotsOn(architecture, policy.target.libseccomp);
  const numberOf = ({ value }: Text): number | undefined => {
    const slot = slotOf(value);
    return slot.dropped ? undefined : slot.number;
  };
  const skipped = dropped.filter(({ reason }) => reason === 'same-as-default');
  const numbers = new Set<number>();
  syscalls.forEach((filter, number) => {
    if (filter.isConditional) numbers.add(number);
  });
  for (const { source, name } of skipped) {
    const number = source.rule.conditions.length > 0 ? numberOf(name) : undefined;
    if (number !== undefined) numbers.add(number);
  }
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const filter = syscalls.get(number);
    const others = skipped.filter(({ name }) => numberOf(name) === number);
    const isOwn = (name: Text): boolean => numberOf(name) === number;
    if (filter && others.length === 0) yield writtenIn(filter, number, isOwn);
    else yield writtenBeside(filter, number, isOwn, others);
  }
}

const WRITTEN_IN = new WeakMap<SyscallFilter, WrittenFor>();

/** What is written by the rules of a filter that name its syscall. */
function writtenIn(filter: SyscallFilter, number: number, isOwn: (name: Text) => boolean): WrittenFor {
  const known = WRITTEN_IN.get(filter);
  if (known) return known;
  let rules: readonly WrittenRule[] | undefined;
  const written: WrittenFor = {
    number,
    sources: filter.rules.map(({ source }) => source),
    rules() {
      rules ??= mentionsIn(filter, isOwn);
      return rules;
    },
  };
  WRITTEN_IN.set(filter, written);
  return written;
}

function writtenBeside(
  filter: SyscallFilter | undefined,
  number: number,
  isOwn: (name: Text) => boolean,
  others: readonly Pick<WrittenRule, 'source' | 'name'>[],
): WrittenFor {
  const loaded = filter ? mentionsIn(filter, isOwn) : [];
  const rules = [...loaded, ...others.map(writtenOf)].sort((a, b) => a.name.node.start - b.name.node.start);
  return { number, sources: rules.map(({ source }) => source), rules: () => rules };
}

/** Each mention once, be it taken apart into several rules. */
function mentionsIn(filter: SyscallFilter, isOwn: (name: Text) => boolean): readonly WrittenRule[] {
  const mentions = new Map(filter.rules.map((rule) => [rule.name, rule]));
  return [...mentions.values()].filter(({ name }) => isOwn(name)).map(writtenOf);
}

function writtenOf({ source, name }: Pick<WrittenRule, 'source' | 'name'>): WrittenRule {
  return { source, name, tests: source.rule.conditions.map(writtenTest) };
}

function writtenTest({ index, op, value, valueTwo }: Condition): Test {
  const masked = op?.value === 'SCMP_CMP_MASKED_EQ';
  return {
    index: Number(index?.value ?? 0n),
    op: op?.value ?? '',
    value: value?.value ?? 0n,
    datum: masked ? (valueTwo?.value ?? 0n) : 0n,
  };
}

/** What is written for a call, given as six unsigned arguments. */
export function writtenFor(policy: Policy, rules: readonly WrittenRule[], args: readonly bigint[]): Written {
  return writtenBy(
    policy,
    rules.filter(({ tests }) => tests.every((test) => holds(test, args[test.index] ?? 0n))),
  );
}

/** What the rules that hold for a call say of it. */
export function writtenBy(
  policy: { readonly resolved: Pick<Resolved, 'default'> },
  holding: readonly WrittenRule[],
): Written {
  const conditional = holding.filter(({ tests }) => tests.length > 0);
  const rules = conditional.length > 0 ? conditional : holding;
  const outcomes = rules.length > 0 ? rules.map(({ source }) => source.outcome) : [policy.resolved.default!];
  return { rules, outcomes: [...new Map(outcomes.map((each) => [`${each.action} ${each.errno}`, each])).values()] };
}
