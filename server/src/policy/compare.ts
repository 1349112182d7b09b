import { type Architecture, dangerOf, namesOn } from '../catalog/index.ts';
import { type Budget, regionsOf, sharedBudget } from './cells.ts';
import { uncertainVerdict } from './certainty.ts';
import { evaluate, isPredicted } from './evaluate.ts';
import type { LoadedRule } from './load.ts';
import { inTestOrder } from './order.ts';
import { type Decision, type Policy, type Verdict, verdictOf } from './policy.ts';
import type { Unpredictable } from './predictable.ts';
import { type Outcome, permits, sameOutcome } from './resolve.ts';

/**
 * How the second profile treats a syscall next to the first: `looser` lets calls through that the first stopped,
 * `tighter` stops some, `changed` does both or denies in another way, `unpredictable` cannot be told.
 */
export type Change = 'looser' | 'tighter' | 'changed' | 'unpredictable';

/** Calls that get another outcome, told by one of them. */
export interface Difference {
  /** Six arguments of a call that shows it. */
  readonly args: readonly bigint[];
  readonly before: Decision;
  readonly after: Decision;
}

export interface SyscallDifference {
  readonly name: string;
  readonly change: Change;
  /** The architectures on which it differs in this way. */
  readonly architectures: readonly Architecture[];
  /** On the first of the architectures. */
  readonly before: Verdict;
  readonly after: Verdict;
  /** One for each pair of outcomes; empty where it is unpredictable. */
  readonly differences: readonly Difference[];
  /** True where the syscall differs as a whole, false where some arguments make the difference. */
  readonly whole: boolean;
  /** False where there were too many combinations of arguments to look at all of them. */
  readonly complete: boolean;
  /** Why it cannot be told. */
  readonly why?: string;
}

export interface Comparison {
  /** Looser first, then changed, unpredictable and tighter; the dangerous ones first in each. Empty for equal meaning. */
  readonly syscalls: readonly SyscallDifference[];
  /** What the native architecture's syscalls without a name get, where that differs: calls of kernels to come. */
  readonly unnamed: Difference | undefined;
}

export interface CompareOptions {
  /** Only these syscalls; all where it is absent. */
  readonly names?: Iterable<string>;
  /** Only these architectures; all that either profile covers where it is absent. */
  readonly architectures?: readonly Architecture[];
}

/**
 * Compares what two policies do with every call, not how they are written: order, grouping and spelling of rules never
 * show. Exact on arguments. A profile next to itself gives an empty comparison.
 */
export function compare(before: Policy, after: Policy, options: CompareOptions = {}): Comparison {
  const merged = new Map<string, SyscallDifference>();
  const budget = sharedBudget();
  for (const arch of options.architectures ?? coveredBy(before, after)) {
    for (const name of options.names ?? namesOn(arch.table)) {
      const found = compareSyscall(before, after, name, arch, budget);
      if (found) merge(merged, found);
    }
  }
  return { syscalls: [...merged.values()].sort(byWeight), unnamed: unnamedOf(before, after) };
}

/** The architectures that at least one of the policies covers, the native ones first. */
function coveredBy(before: Policy, after: Policy): readonly Architecture[] {
  const covered = [...before.resolved.architectures, ...after.resolved.architectures];
  return covered.filter((arch, i) => covered.findIndex(({ table }) => table === arch.table) === i);
}

/** Above every number that an architecture uses, with the offsets of mips and x32 left out. */
const FAR_NUMBER = 0xffff;

/** What a syscall that has no name yet gets on the native architecture, where that differs. */
function unnamedOf(before: Policy, after: Policy): Difference | undefined {
  const call = { architecture: before.native.architecture.name, number: FAR_NUMBER, args: [0n, 0n, 0n, 0n, 0n, 0n] };
  const left = evaluate(before, call);
  const right = evaluate(after, call);
  if (!left || !right || !isPredicted(left) || !isPredicted(right)) return undefined;
  return sameOutcome(left.outcome, right.outcome) ? undefined : { args: call.args, before: left, after: right };
}

/** How one syscall differs on one architecture; undefined where it does not, or does not exist. */
export function compareSyscall(
  before: Policy,
  after: Policy,
  name: string,
  arch: Architecture,
  budget?: Budget,
): SyscallDifference | undefined {
  const left = verdictOf(before, name, arch);
  const right = verdictOf(after, name, arch);
  if (!left || !right) return undefined;
  if (sameRules(left, right)) return undefined;
  const shared = { name, architectures: [arch], before: left, after: right };
  const why = uncertainVerdict(before, left) ?? uncertainVerdict(after, right);
  if (why) return { ...shared, ...untold(why) };
  const { differences, whole, complete } = differencesOf(left, right, budget);
  return differences.length > 0
    ? { ...shared, change: changeOf(differences), differences, whole, complete }
    : complete
      ? undefined
      : { ...shared, ...untold({ why: 'there are too many combinations of arguments to compare', rules: [] }) };
}

function untold({
  why,
}: Unpredictable): Pick<SyscallDifference, 'change' | 'differences' | 'whole' | 'complete' | 'why'> {
  return { change: 'unpredictable', differences: [], whole: false, complete: false, why };
}

/** Whether both filters hold the same tests for a syscall, whatever libseccomp makes of them. */
function sameRules(a: Verdict, b: Verdict): boolean {
  if (a.conditional.length !== b.conditional.length) return false;
  if (a.conditional.length === 0) return sameOutcome(a.otherwise.outcome, b.otherwise.outcome);
  const keys = ({ conditional, otherwise }: Verdict): string =>
    [outcomeKey(otherwise.outcome), ...conditional.map(ruleKey).sort()].join('\n');
  return keys(a) === keys(b);
}

function ruleKey({ tests, outcome }: LoadedRule): string {
  const parts = tests.map(({ index, op, value, datum }) => `${index} ${op} ${value} ${datum}`).sort();
  return `${outcomeKey(outcome)}: ${parts.join('; ')}`;
}

const outcomeKey = ({ action: name, errno }: Outcome): string => `${name} ${errno ?? ''}`;

interface Differing {
  readonly differences: readonly Difference[];
  readonly whole: boolean;
  readonly complete: boolean;
}

function differencesOf(before: Verdict, after: Verdict, budget: Budget | undefined): Differing {
  const left = inTestOrder(before.conditional, before.architecture.bits);
  const right = inTestOrder(after.conditional, after.architecture.bits);
  const { list, complete } = regionsOf([...left, ...right], before.architecture.bits, firstOfEach(left, right), budget);
  const found = new Map<string, Difference>();
  let same = false;
  for (const { args, holding } of list) {
    const first = holding.find((i) => i < left.length);
    const second = holding.find((i) => i >= left.length);
    const difference = {
      args,
      before: first === undefined ? before.otherwise : byRule(left[first]!),
      after: second === undefined ? after.otherwise : byRule(right[second - left.length]!),
    };
    const key = `${outcomeKey(difference.before.outcome)} -> ${outcomeKey(difference.after.outcome)}`;
    if (sameOutcome(difference.before.outcome, difference.after.outcome)) same = true;
    else if (!found.has(key)) found.set(key, difference);
  }
  return { differences: [...found.values()], whole: !same, complete };
}

const byRule = (rule: LoadedRule): Decision => ({ outcome: rule.outcome, reason: { kind: 'rule', rule } });

/** In the order of the tests the first rule decides: those behind one that holds for certain don't matter. */
function firstOfEach(left: readonly LoadedRule[], right: readonly LoadedRule[]) {
  const last = [...left, ...right].map(({ tests }) => tests.reduce((most, { index }) => Math.max(most, index), -1));
  return (alive: readonly number[], index: number): readonly number[] => {
    const upTo = (side: readonly number[]): readonly number[] => {
      const certain = side.findIndex((i) => last[i]! <= index);
      return certain < 0 ? side : side.slice(0, certain + 1);
    };
    return [...upTo(alive.filter((i) => i < left.length)), ...upTo(alive.filter((i) => i >= left.length))];
  };
}

/** Executed, left to a tracer or an agent, or refused. */
function freedom(outcome: Outcome): number {
  if (permits(outcome)) return 2;
  return outcome.action === 'SCMP_ACT_TRACE' || outcome.action === 'SCMP_ACT_NOTIFY' ? 1 : 0;
}

function changeOf(differences: readonly Difference[]): Change {
  const steps = differences.map(({ before, after }) => Math.sign(freedom(after.outcome) - freedom(before.outcome)));
  const looser = steps.includes(1);
  const tighter = steps.includes(-1);
  return looser === tighter ? 'changed' : looser ? 'looser' : 'tighter';
}

/** Puts the same difference on several architectures together. */
function merge(known: Map<string, SyscallDifference>, found: SyscallDifference): void {
  const pairs = found.differences.map(
    ({ before, after }) => `${outcomeKey(before.outcome)}>${outcomeKey(after.outcome)}`,
  );
  const key = [found.name, found.change, found.whole, ...pairs.sort()].join();
  const same = known.get(key);
  const complete = found.complete && (same?.complete ?? true);
  known.set(key, same ? { ...same, complete, architectures: [...same.architectures, ...found.architectures] } : found);
}

const WEIGHTS: Readonly<Record<Change, number>> = { looser: 0, changed: 1, unpredictable: 2, tighter: 3 };

function byWeight(a: SyscallDifference, b: SyscallDifference): number {
  const tier = ({ name }: SyscallDifference): number => dangerOf(name)?.tier ?? 4;
  return WEIGHTS[a.change] - WEIGHTS[b.change] || tier(a) - tier(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
