import { modelOf } from './alike.ts';
import type { ArchFilter, LoadedRule, SyscallFilter, Test } from './load.ts';
import { nested, unreliable } from './predictable.ts';
import { beginningsOf, chainOf, isEquality, isOrdered, numbering } from './relations.ts';

/** How many comparisons libseccomp makes for the rules of a syscall. */
interface Weight {
  readonly least: number;
  readonly most: number;
}

/**
 * Whether the lightest rules of a program are certainly for a call of its architectures, which is what the proofs cover.
 * Filters that share a program are given in the order in which they were added (libseccomp: `src/gen_bpf.c`).
 */
export function ownComeFirst(filters: readonly ArchFilter[]): boolean {
  // at equal weight the earlier filter counts, and in a filter its own calls
  const weights = filters.map((filter) => ({
    own: lightest(filter, filter.syscalls.values()),
    other: lightest(filter, filter.numberless.values()),
  }));
  return weights.some(({ own }, i) =>
    weights.every(({ other }, j) => (j < i ? own.most < other.least : own.most <= other.least)),
  );
}

function lightest({ architecture: { bits } }: ArchFilter, sets: Iterable<SyscallFilter>): Weight {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { unconditional, conditional } of sets) {
    if (unconditional) return NOTHING;
    const weight = weightOf(conditional, bits);
    least = Math.min(least, weight.least);
    most = Math.min(most, weight.most);
  }
  return { least, most };
}

const NOTHING: Weight = { least: 0, most: 0 };

const WEIGHTS = new WeakMap<readonly LoadedRule[], { 32?: Weight; 64?: Weight }>();

function weightOf(rules: readonly LoadedRule[], bits: 32 | 64): Weight {
  const model = modelOf(rules);
  const known = WEIGHTS.get(model) ?? {};
  WEIGHTS.set(model, known);
  known[bits] ??= weigh(model, bits);
  return known[bits];
}

/** Exact where the tree of the rules is known; else between the shortest rule and all of them. */
function weigh(rules: readonly LoadedRule[], bits: 32 | 64): Weight {
  if (treeKnown(rules)) {
    const size = treeSize(rules, bits);
    return { least: size, most: size };
  }
  const each = rules.map((rule) => rule.tests.reduce((sum, test) => sum + steps(test, bits).length, 0));
  const least = each.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return { least, most: each.reduce((sum, size) => sum + size, 0) };
}

/** No rule is dropped, cut short, or taken for a part of another. */
function treeKnown(rules: readonly LoadedRule[]): boolean {
  if (rules.length === 1) return true;
  const simple = rules.every(({ tests }) => tests.length === 1 || tests.every(isEquality));
  if (!simple || unreliable(rules) || nested(rules)) return false;
  return !someBeginsAnother(rules);
}

/** Whether the chain of some rule is the beginning of another's, or all of it. */
function someBeginsAnother(rules: readonly LoadedRule[]): boolean {
  const chains = rules.map(beginningsOf());
  const ends = new Set(chains.map((chain) => chain.at(-1)));
  return ends.size < rules.length || chains.some((chain) => chain.slice(0, -1).some((at) => ends.has(at)));
}

/** Steps with which several rules begin are counted once. */
function treeSize(rules: readonly LoadedRule[], bits: 32 | 64): number {
  const number = numbering();
  let most = 0;
  for (const rule of rules) {
    let at = 0;
    for (const step of chainOf(rule).flatMap((test) => steps(test, bits))) at = number(`${at} ${step}`);
    most = Math.max(most, at);
  }
  return most;
}

/** The comparisons of 32 bits that a test takes; inequalities and their opposites share them. */
function steps(test: Test, bits: 32 | 64): readonly string[] {
  const { index, op, value, datum } = test;
  const low = `${index} ${KINDS[op] ?? op} ${value & LOW} ${datum & LOW}`;
  if (bits === 32) return [low];
  const high = `${index} high ${value >> 32n} ${datum >> 32n}`;
  return isOrdered(test) ? [`${high} >`, `${high} =`, low] : [`${high} ${KINDS[op] ?? op}`, low];
}

const LOW = 0xffffffffn;
const KINDS: Readonly<Record<string, string>> = {
  SCMP_CMP_NE: 'SCMP_CMP_EQ',
  SCMP_CMP_LT: 'SCMP_CMP_GE',
  SCMP_CMP_LE: 'SCMP_CMP_GT',
};
