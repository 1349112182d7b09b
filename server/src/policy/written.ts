import { type Architecture, sharedNumbers } from '../catalog/index.ts';
import type { Condition, Text } from '../profile/model.ts';
import { holds, type Test } from './load.ts';
import type { Policy } from './policy.ts';
import { type Outcome, type ResolvedRule, sameOutcome } from './resolve.ts';
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
  return numbered(
    policy,
    architecture,
    read(policy, () => true),
  );
}

/** Those of the syscalls for which some rule has conditions, for any architecture: for the others all expect the same. */
export function conditionalWrittenRules(policy: Policy): (architecture: Architecture) => Rules {
  const names = new Set<string>();
  for (const { rule, names: own } of policy.resolved.rules)
    if (rule.conditions.length > 0) for (const { value } of own) names.add(value);
  for (const { table } of names.size > 0 ? policy.resolved.architectures : [])
    for (const namesakes of sharedNumbers(table))
      if (namesakes.some((name) => names.has(name))) for (const name of namesakes) names.add(name);
  const rules = names.size > 0 ? read(policy, (name) => names.has(name)) : [];
  return (architecture) => numbered(policy, architecture, rules);
}

function read({ resolved }: Policy, wanted: (name: string) => boolean): readonly WrittenRule[] {
  const found: WrittenRule[] = [];
  for (const source of resolved.rules) {
    const tests = source.rule.conditions.map(writtenTest);
    source.names.forEach((name) => {
      if (wanted(name.value)) found.push({ source, name, tests });
    });
  }
  return found;
}

/** A name that libseccomp does not have says nothing, whoever reads it. */
function numbered({ target }: Policy, architecture: Architecture, rules: readonly WrittenRule[]): Rules {
  const slotOf = slotsOn(architecture, target.libseccomp);
  const found = new Map<number, WrittenRule[]>();
  for (const rule of rules) {
    const { dropped, number } = slotOf(rule.name.value);
    if (dropped || number === undefined) continue;
    const known = found.get(number);
    if (known) known.push(rule);
    else found.set(number, [rule]);
  }
  return found;
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
export function writtenBy(policy: Policy, holding: readonly WrittenRule[]): Written {
  const conditional = holding.filter(({ tests }) => tests.length > 0);
  const rules = conditional.length > 0 ? conditional : holding;
  const outcomes = rules.length > 0 ? rules.map(({ source }) => source.outcome) : [policy.resolved.default!];
  return { rules, outcomes: outcomes.filter((outcome, i) => outcomes.findIndex((o) => sameOutcome(o, outcome)) === i) };
}
