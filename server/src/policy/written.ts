import type { Architecture } from '../catalog/index.ts';
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
  return collect(policy, architecture, () => true);
}

/** Those of the syscalls for which some rule has conditions: for the others every reader expects the same. */
export function conditionalWrittenRules(policy: Policy, architecture: Architecture): Rules {
  const numberOf = numbersOn(policy, architecture);
  const numbers = new Set<number | undefined>();
  for (const { rule, names } of policy.resolved.rules)
    if (rule.conditions.length > 0) for (const name of names) numbers.add(numberOf(name));
  return numbers.size > 0 ? collect(policy, architecture, (number) => numbers.has(number)) : new Map();
}

function collect(policy: Policy, architecture: Architecture, wanted: (number: number) => boolean): Rules {
  const numberOf = numbersOn(policy, architecture);
  const found = new Map<number, WrittenRule[]>();
  for (const source of policy.resolved.rules) {
    const tests = source.rule.conditions.map(writtenTest);
    for (const name of source.names) {
      const number = numberOf(name);
      if (number === undefined || !wanted(number)) continue;
      const known = found.get(number);
      if (known) known.push({ source, name, tests });
      else found.set(number, [{ source, name, tests }]);
    }
  }
  return found;
}

/** A name that libseccomp does not have says nothing, whoever reads it. */
function numbersOn({ target }: Policy, architecture: Architecture): (name: Text) => number | undefined {
  const slotOf = slotsOn(architecture, target.libseccomp);
  return (name) => {
    const { dropped, number } = slotOf(name.value);
    return dropped ? undefined : number;
  };
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
