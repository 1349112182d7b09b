import { modelOf } from './alike.ts';
import type { LoadedRule, Test } from './load.ts';
import { chainOf, exclude, inside, isEquality, isOrdered, opposite, pairs, sameTest } from './relations.ts';
import { sameOutcome } from './resolve.ts';

/** Why libseccomp's answer for a set of conditional rules cannot be foretold. */
export interface Unpredictable {
  readonly why: string;
  readonly rules: readonly LoadedRule[];
}

type Found = Unpredictable | undefined;

const UNRELIABLE = new WeakMap<readonly LoadedRule[], Found>();
const UNPREDICTABLE = new WeakMap<readonly LoadedRule[], Found>();

/**
 * Whether some call may get something else than the conditional rules of one syscall say: their shape is not reliable, or
 * a call can match rules of different outcome whose order is not known. Undefined when every call is predictable.
 */
export function unpredictable(rules: readonly LoadedRule[]): Unpredictable | undefined {
  return once(UNPREDICTABLE, rules, (model) => {
    const shape = unreliable(model);
    if (shape || orderKnown(model)) return shape;
    if (model.length > MOST_PAIRED)
      return { why: 'there are too many conditional rules for one syscall', rules: model };
    const conflict = overlap(model);
    return conflict && orderUnknown(conflict);
  });
}

/**
 * Whether it is proven that a call gets the outcome of a conditional rule that it matches, and the default when it matches
 * none. It is for a single rule, for rules of EQ, and for others of the shapes below.
 * Sources: the structure of libseccomp's `src/db.c` and `src/gen_bpf.c`, and 10⁵ random rule sets compared with it.
 */
export function unreliable(rules: readonly LoadedRule[]): Unpredictable | undefined {
  if (rules.length < 2) return undefined;
  return once(UNRELIABLE, rules, (model) => {
    const equalities = model.every((rule) => rule.tests.every(isEquality));
    if (!equalities && !(rangesApart(model) && inequalitiesLast(model) && chainsApart(model)))
      return { why: `libseccomp does not build inequalities reliably ${MEETING}`, rules: model };
    return ranked(model) || !nested(model)
      ? undefined
      : { why: `libseccomp is not proven to be reliable ${MEETING}`, rules: model };
  });
}

const MEETING = 'when several conditional rules meet on one syscall';

/** The reason for a call that matches rules of different outcome. */
export function orderUnknown(rules: readonly LoadedRule[]): Unpredictable {
  return { why: 'more than one of these rules can match a call, and libseccomp defines no order between them', rules };
}

function once(
  known: WeakMap<readonly LoadedRule[], Found>,
  rules: readonly LoadedRule[],
  find: (model: readonly LoadedRule[]) => Found,
): Found {
  if (known.has(rules)) return known.get(rules);
  const model = modelOf(rules);
  const found = model === rules ? find(rules) : inPlaceOf(model, rules, once(known, model, find));
  known.set(rules, found);
  return found;
}

/** What was found of one set of rules, said of another that is alike. */
function inPlaceOf(model: readonly LoadedRule[], rules: readonly LoadedRule[], found: Found): Found {
  if (!found) return undefined;
  if (found.rules === model) return { ...found, rules };
  return { ...found, rules: found.rules.map((rule) => rules[model.indexOf(rule)]!) };
}

/** The operands of LT, LE, GE and GT on one argument have the same upper half, or are all of GE and GT. */
function rangesApart(rules: readonly LoadedRule[]): boolean {
  for (let index = 0; index < 6; index++) {
    const tests = rules.flatMap((rule) => rule.tests.filter((test) => test.index === index && isOrdered(test)));
    const upper = new Set(tests.map((test) => test.value >> 32n));
    if (upper.size > 1 && tests.some((test) => test.op === 'SCMP_CMP_LT' || test.op === 'SCMP_CMP_LE')) return false;
  }
  return true;
}

/** A rule has its inequality on its highest argument, or shares no argument with another rule. */
function inequalitiesLast(rules: readonly LoadedRule[]): boolean {
  const asking = new Map<number, number>();
  for (const rule of rules) for (const index of indexesOf(rule)) asking.set(index, (asking.get(index) ?? 0) + 1);
  return rules.every((rule) => {
    const last = chainOf(rule).at(-1);
    if (rule.tests.every((test) => test === last || isEquality(test))) return true;
    return [...indexesOf(rule)].every((index) => asking.get(index) === 1);
  });
}

const indexesOf = ({ tests }: LoadedRule): ReadonlySet<number> => new Set(tests.map(({ index }) => index));

/** Tests of one rank on one argument differ in what they compare with, so that there is an order between them. */
function ranked(rules: readonly LoadedRule[]): boolean {
  const seen = new Map<string, Test>();
  for (const test of rules.flatMap((rule) => rule.tests)) {
    const datum = test.op === 'SCMP_CMP_MASKED_EQ' ? test.datum : test.value;
    const key = `${test.index} ${RANKS[test.op]} ${datum & 0xffffffffn}`;
    const other = seen.get(key);
    if (other && !(other.op === test.op && other.value === test.value) && !opposite(other, test)) return false;
    seen.set(key, test);
  }
  return true;
}

const RANKS: Readonly<Record<string, number>> = {
  SCMP_CMP_EQ: 3,
  SCMP_CMP_NE: 3,
  SCMP_CMP_MASKED_EQ: 3,
  SCMP_CMP_LT: 2,
  SCMP_CMP_LE: 2,
  SCMP_CMP_GE: 1,
  SCMP_CMP_GT: 1,
};

/** The chains of any two rules start at one argument, or are kept apart by a test before either ends. */
function chainsApart(rules: readonly LoadedRule[]): boolean {
  if (!nested(rules)) return true;
  if (rules.length > MOST_PAIRED) return false;
  for (const [earlier, later] of pairs(rules)) if (entangled(earlier, later)) return false;
  return true;
}

function entangled(earlier: LoadedRule, later: LoadedRule): boolean {
  // rules of other outcome are never pruned for a shorter one
  if (inside(earlier, later) !== undefined)
    return sameOutcome(earlier.outcome, later.outcome) && endsOpposite(earlier, later);
  return inside(later, earlier) !== undefined && endsOpposite(later, earlier);
}

function endsOpposite(longer: LoadedRule, shorter: LoadedRule): boolean {
  const run = chainOf(longer).slice(inside(longer, shorter)!);
  for (const [i, test] of chainOf(shorter).entries()) {
    const other = run[i];
    if (!other) return false;
    if (opposite(test, other)) return true;
    if (!sameTest(test, other)) return false;
  }
  return false;
}

/**
 * The order of overlapping rules is known where they have all one outcome, and where all are EQ. With MASKED_EQ or NE too
 * as long as no chain lies inside another, so that none is pruned and ties stay in the order of insertion.
 */
function orderKnown(rules: readonly LoadedRule[]): boolean {
  if (rules.every((rule) => sameOutcome(rule.outcome, rules[0]!.outcome))) return true;
  if (rules.every((rule) => rule.tests.every((test) => test.op === 'SCMP_CMP_EQ'))) return true;
  return (rules.every((rule) => rule.tests.every(isEquality)) || equalOrNot(rules)) && !nested(rules);
}

const PLAIN: ReadonlySet<string> = new Set(['SCMP_CMP_EQ', 'SCMP_CMP_NE']);

/** EQ and NE of 32 bits, and all that an upper half decides is of one outcome. */
function equalOrNot(rules: readonly LoadedRule[]): boolean {
  const differing = rules.filter((rule) => rule.tests.some((test) => test.op === 'SCMP_CMP_NE'));
  return (
    rules.every((rule) => rule.tests.every(({ op, value }) => PLAIN.has(op) && value < 2n ** 32n)) &&
    differing.every((rule) => sameOutcome(rule.outcome, differing[0]!.outcome))
  );
}

/** More rules for one syscall are not compared pair by pair: what comes of them is then taken for not predictable. */
export const MOST_PAIRED = 1000;

/** Whether the chain of some rule starts inside that of another: at an argument that is not the first of its own. */
export function nested(rules: readonly LoadedRule[]): boolean {
  const starts = new Set(rules.map((rule) => chainOf(rule)[0]?.index));
  return rules.some((rule) => {
    const own = chainOf(rule)[0]?.index;
    return chainOf(rule).some(({ index }) => index !== own && starts.has(index));
  });
}

/** Two rules of different outcome that one call can match, as far as pairs of their tests tell. */
function overlap(rules: readonly LoadedRule[]): readonly [LoadedRule, LoadedRule] | undefined {
  for (const pair of pairs(rules)) {
    const [a, b] = pair;
    if (sameOutcome(a.outcome, b.outcome)) continue;
    if (!a.tests.some((x) => b.tests.some((y) => exclude(x, y)))) return pair;
  }
  return undefined;
}
