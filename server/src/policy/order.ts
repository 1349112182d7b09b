import { modelOf } from './alike.ts';
import type { LoadedRule, Test } from './load.ts';
import { chainOf } from './relations.ts';

/**
 * One comparison of 32 bits, as libseccomp breaks tests down (libseccomp: `src/db.c`): on 64-bit architectures the upper
 * half of an argument is looked at before the lower one.
 */
interface Step {
  /** Twice the argument's index, plus one for the upper half. */
  readonly place: number;
  readonly rank: number;
  /** NE is EQ with the branches exchanged. */
  readonly kind: string;
  readonly datum: bigint;
  readonly mask: bigint;
}

const RANKS: Readonly<Record<string, number>> = {
  SCMP_CMP_MASKED_EQ: 3,
  SCMP_CMP_EQ: 3,
  SCMP_CMP_NE: 3,
  SCMP_CMP_LE: 2,
  SCMP_CMP_LT: 2,
  SCMP_CMP_GE: 1,
  SCMP_CMP_GT: 1,
};

/** The steps of a rule, lowest argument first; a call has six. */
function stepsOf(rule: LoadedRule, bits: 32 | 64): readonly Step[] {
  const tests = chainOf(rule).filter(({ index }) => index < 6);
  return tests.flatMap((test) => (bits === 64 ? [step(test, 32n, 1), step(test, 0n, 0)] : [step(test, 0n, 0)]));
}

function step(test: Test, shift: bigint, upper: 0 | 1): Step {
  const low = 0xffffffffn;
  const masked = test.op === 'SCMP_CMP_MASKED_EQ';
  const value = (test.value >> shift) & low;
  return {
    place: test.index * 2 + upper,
    rank: RANKS[test.op] ?? 0,
    kind: test.op === 'SCMP_CMP_NE' ? 'SCMP_CMP_EQ' : test.op,
    datum: masked ? (test.datum >> shift) & low : value,
    mask: masked ? value : low,
  };
}

/** Negative when `a` is tested before `b`: the higher argument first, then by kind of operator, then by value. */
function compareSteps(a: Step, b: Step): number {
  if (a.place !== b.place) return b.place - a.place;
  if (a.rank !== b.rank) return b.rank - a.rank;
  if (a.datum === b.datum) return 0;
  const ascending = a.rank === 2;
  return a.datum < b.datum === ascending ? -1 : 1;
}

/** Equal for steps that are one comparison. */
function keyOf({ place, kind, datum, mask }: Step): string {
  return `${place} ${kind} ${datum} ${mask}`;
}

/**
 * Conditional rules of one syscall in the order in which their filter tests them, exact for rules made of EQ and
 * MASKED_EQ. Stable: ties keep the order of insertion.
 */
export function inTestOrder(rules: readonly LoadedRule[], bits: 32 | 64): readonly LoadedRule[] {
  if (rules.length < 2) return rules;
  const known = ORDERED.get(rules) ?? {};
  ORDERED.set(rules, known);
  known[bits] ??= orderOf(rules, bits);
  return known[bits];
}

function orderOf(rules: readonly LoadedRule[], bits: 32 | 64): readonly LoadedRule[] {
  const model = modelOf(rules);
  if (model === rules) return sort(rules, bits);
  const own = new Map(model.map((rule, i) => [rule, rules[i]!]));
  return inTestOrder(model, bits).map((rule) => own.get(rule)!);
}

/** By the list of rules: a policy keeps its lists, and asks for their order with every call. */
const ORDERED = new WeakMap<readonly LoadedRule[], { 32?: readonly LoadedRule[]; 64?: readonly LoadedRule[] }>();

function sort(rules: readonly LoadedRule[], bits: 32 | 64): readonly LoadedRule[] {
  const root: Level = { branches: [], byStep: new Map() };
  const others: LoadedRule[] = [];
  for (const rule of rules) {
    const steps = stepsOf(rule, bits);
    if (steps.length > 0) insert(root, steps, rule);
    else others.push(rule);
  }
  return [...walk(root), ...others];
}

/** A level of libseccomp's tree: alternatives as they came, equal steps shared. */
interface Level {
  readonly branches: Branch[];
  readonly byStep: Map<string, Branch>;
}

interface Branch extends Level {
  readonly step: Step;
  /** Rules that end here. */
  readonly ends: LoadedRule[];
}

function insert(level: Level, steps: readonly Step[], rule: LoadedRule): void {
  const [first, ...rest] = steps;
  if (!first) return;
  const branch = level.byStep.get(keyOf(first)) ?? newBranch(level, first);
  if (rest.length === 0) branch.ends.push(rule);
  else insert(branch, rest, rule);
}

function newBranch(level: Level, step: Step): Branch {
  const branch: Branch = { step, ends: [], branches: [], byStep: new Map() };
  level.branches.push(branch);
  level.byStep.set(keyOf(step), branch);
  return branch;
}

/** Each behind all that are tested before it or as early. */
function* walk(level: Level): Iterable<LoadedRule> {
  for (const branch of level.branches.toSorted((a, b) => compareSteps(a.step, b.step))) {
    yield* branch.ends;
    yield* walk(branch);
  }
}
