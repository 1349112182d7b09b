import type { LoadedRule } from './load.ts';
import { nested, unreliable } from './predictable.ts';
import { begins, chainOf, inside, isEquality, isOrdered, opposite, pairs, sameTest } from './relations.ts';
import { sameOutcome } from './resolve.ts';

/** Two rules that libseccomp cannot hold side by side. */
export interface Clash {
  readonly earlier: LoadedRule;
  readonly later: LoadedRule;
}

/**
 * Whether libseccomp takes the conditional rules of one syscall: a later rule that asks the same as an earlier one, or
 * the beginning of it, and wants something else is refused with EEXIST (libseccomp: `src/db.c`). `open` where rules were
 * pruned before they meet, so that it cannot be told.
 */
export function clashOf(rules: readonly LoadedRule[]): Clash | 'open' | undefined {
  if (rules.length < 2 || rules.every((rule) => sameOutcome(rule.outcome, rules[0]!.outcome))) return undefined;
  if (pruned(rules) && !rules.every((rule) => rule.tests.every(isEquality))) return 'open';
  if (!anyClash(rules)) return undefined;
  return nested(rules) || unreliable(rules) || complementary(rules) ? 'open' : firstClash(rules);
}

/** Some rule is dropped for a shorter one of the same outcome that its chain contains. */
function pruned(rules: readonly LoadedRule[]): boolean {
  for (const [a, b] of pairs(rules))
    if (sameOutcome(a.outcome, b.outcome) && (contains(a, b) || contains(b, a))) return true;
  return false;
}

function contains(longer: LoadedRule, shorter: LoadedRule): boolean {
  const at = inside(longer, shorter);
  if (at === undefined) return false;
  return chainOf(shorter).every((test, i) => {
    const other = chainOf(longer)[at + i];
    return other !== undefined && sameTest(test, other);
  });
}

function anyClash(rules: readonly LoadedRule[]): boolean {
  for (const [earlier, later] of pairs(rules)) if (clashes(earlier, later)) return true;
  return false;
}

function clashes(earlier: LoadedRule, later: LoadedRule): boolean {
  return !sameOutcome(earlier.outcome, later.outcome) && begins(later, earlier);
}

/** Two inequalities that are each other's opposite stand in one place of the tree, where they hide others. */
function complementary(rules: readonly LoadedRule[]): boolean {
  const tests = rules.flatMap((rule) => rule.tests.filter(isOrdered));
  return tests.some((test) => tests.some((other) => opposite(test, other)));
}

/** Adds the rules one by one; one whose beginning is there already is left out in silence. */
function firstClash(rules: readonly LoadedRule[]): Clash | undefined {
  const there: LoadedRule[] = [];
  for (const later of rules) {
    const wider = there.some((rule) => rule.tests.length < later.tests.length && begins(rule, later));
    if (wider) continue;
    const earlier = there.find((rule) => clashes(rule, later));
    if (earlier) return { earlier, later };
    there.push(later);
  }
  return undefined;
}
