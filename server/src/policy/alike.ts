import type { LoadedRule, Test } from './load.ts';

/**
 * A set of rules that is the same but for the names: the same tests with the same outcomes in the same order. A rule for
 * many syscalls gives each of them such a set, and what holds of one holds of all.
 */
export function modelOf(rules: readonly LoadedRule[]): readonly LoadedRule[] {
  const [first] = rules;
  if (!first) return rules;
  const last = LAST.get(first.tests);
  if (last && areAlike(last, rules)) return last;
  LAST.set(first.tests, rules);
  return rules;
}

/** The last set that was asked about, by its first tests, which are one list for all names of a rule. More would be kept too long. */
const LAST = new WeakMap<readonly Test[], readonly LoadedRule[]>();

function areAlike(some: readonly LoadedRule[], others: readonly LoadedRule[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ tests, outcome }, i) => tests === others[i]!.tests && outcome === others[i]!.outcome)
  );
}
