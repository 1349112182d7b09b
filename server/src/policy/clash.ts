import type { LoadedRule } from './load.ts';
import { MOST_PAIRED, nested, unreliable } from './predictable.ts';
import { beginningsOf, chainOf, inside, isEquality, isOrdered, oppositeOf, pairs, sameTest } from './relations.ts';
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
  if (!rules.every((rule) => rule.tests.every(isEquality)) && (rules.length > MOST_PAIRED || pruned(rules)))
    return 'open';
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
  const there = tree();
  return rules.some((rule) => {
    if (there.clashing(rule)) return true;
    there.add(rule);
    return false;
  });
}

/** Two inequalities that are each other's opposite stand in one place of the tree, where they hide others. */
function complementary(rules: readonly LoadedRule[]): boolean {
  const tests = rules.flatMap((rule) => rule.tests.filter(isOrdered));
  const keyOf = (index: number, op: string | undefined, value: bigint): string => `${index} ${op} ${value}`;
  const there = new Set(tests.map(({ index, op, value }) => keyOf(index, op, value)));
  return tests.some(({ index, op, value }) => there.has(keyOf(index, oppositeOf(op), value)));
}

/** Adds the rules one by one; one whose beginning is there already is left out in silence. */
function firstClash(rules: readonly LoadedRule[]): Clash | undefined {
  const there = tree();
  for (const later of rules) {
    if (there.hasBeginning(later)) continue;
    const earlier = there.clashing(later);
    if (earlier) return { earlier, later };
    there.add(later);
  }
  return undefined;
}

/** Rules by the beginnings of their chains. */
interface Tree {
  add(rule: LoadedRule): void;
  /** The first rule whose chain begins with that of the given one, or is it, and which wants something else. */
  clashing(rule: LoadedRule): LoadedRule | undefined;
  /** Whether a rule with fewer tests is the beginning of the given one. */
  hasBeginning(rule: LoadedRule): boolean;
}

function tree(): Tree {
  const chainFrom = beginningsOf();
  const ends = new Set<number>();
  // the first that begins so, and the first of these with another outcome: one of them differs from any that comes
  const begun = new Map<number, readonly [LoadedRule, LoadedRule?]>();
  const differs = (a: LoadedRule, b: LoadedRule): boolean => !sameOutcome(a.outcome, b.outcome);
  return {
    add(rule) {
      const chain = chainFrom(rule);
      ends.add(chain.at(-1)!);
      for (const at of chain) {
        const [first, other] = begun.get(at) ?? [];
        if (!first) begun.set(at, [rule]);
        else if (!other && differs(first, rule)) begun.set(at, [first, rule]);
      }
    },
    clashing: (rule) => begun.get(chainFrom(rule).at(-1)!)?.find((each) => each && differs(each, rule)),
    hasBeginning: (rule) =>
      chainFrom(rule)
        .slice(0, -1)
        .some((at) => ends.has(at)),
  };
}
