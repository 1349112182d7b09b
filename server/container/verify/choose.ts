import { type Architecture, argumentsOn, namesOn, numberOn } from '../../src/catalog/index.ts';
import { type Clause, cellsOf, regionsOf } from '../../src/policy/cells.ts';
import { evaluate, isPredicted } from '../../src/policy/evaluate.ts';
import { holds, type Test } from '../../src/policy/load.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { describeArgumentValue } from '../../src/policy/values.ts';
import { hex } from '../../src/policy/words.ts';
import { writtenRules } from '../../src/policy/written.ts';
import { type Probe, valuesOf, variantsOf } from '../probe/calls.ts';
import { NEVER_PROBED } from '../probe/unsafe.ts';
import { callOf } from './call.ts';
import { type CallValues, isHarmless, saferValues } from './harmless.ts';
import { answerOf } from './seen.ts';

/** What is tried to verify a profile, and what is not. */
export interface Choice {
  readonly probes: readonly Probe[];
  /** Calls with arguments that the profile asks for and that would have an effect, or were too many: how many, by name. */
  readonly spared: ReadonlyMap<string, number>;
}

/** For one syscall: its conditions can divide the space of arguments into thousands of parts. */
const MOST_CALLS = 120;
const MOST_REGIONS = 60;
const MAX_64 = 2n ** 64n - 1n;

/**
 * Every syscall of the architecture that can be made without harm, and, where the profile has conditions on arguments,
 * calls on both sides of each and for each combination that decides differently.
 */
export function chooseCalls(policy: Policy | undefined, architecture: Architecture): Choice {
  const { table } = architecture;
  const conditions = policy ? conditionsByNumber(policy, architecture) : new Map<number, readonly Clause[]>();
  const probes: Probe[] = [];
  const spared = new Map<string, number>();
  const names = namesOn(table).filter((name) => numberOn(name, table)! >= 0 && !NEVER_PROBED.has(name));
  for (const name of names) {
    const nr = numberOn(name, table)!;
    probes.push(...variantsOf(name).map((variant): Probe => ({ name, nr, ...variant })));
    const clauses = conditions.get(nr);
    if (!clauses) continue;
    const wanted = conditionedCalls(name, clauses, architecture);
    const harmless = wanted.filter(({ args }) => isHarmless(name, args, table));
    probes.push(...harmless.slice(0, MOST_CALLS).map((call) => ({ name, nr, ...call })));
    const left = wanted.length - Math.min(harmless.length, MOST_CALLS);
    if (left > 0) spared.set(name, left);
  }
  return { probes: policy ? killedLast(policy, probes) : probes, spared };
}

/** Where each kill costs a container, what can be had without comes first. */
function killedLast(policy: Policy, probes: readonly Probe[]): readonly Probe[] {
  const isKilled = (probe: Probe): boolean => {
    const answer = evaluate(policy, callOf(policy, probe))!;
    return isPredicted(answer) && answerOf(answer.outcome)?.kind === 'killed';
  };
  return [...probes.filter((probe) => !isKilled(probe)), ...probes.filter(isKilled)];
}

/** The conditions of the text and those in the filter: a runtime may take a rule apart. */
function conditionsByNumber(policy: Policy, architecture: Architecture): ReadonlyMap<number, readonly Clause[]> {
  const found = new Map<number, readonly Clause[]>();
  const filter = policy.filter(architecture.table)!;
  for (const [number, rules] of writtenRules(policy, architecture)) {
    const loaded = filter.syscalls.get(number)?.conditional ?? [];
    const clauses = [...loaded, ...rules].filter(({ tests }) => tests.length > 0);
    if (clauses.length > 0) found.set(number, clauses);
  }
  return found;
}

type ConditionedCall = { readonly args: CallValues; readonly detail: string };

function conditionedCalls(
  name: string,
  clauses: readonly Clause[],
  architecture: Architecture,
): readonly ConditionedCall[] {
  const tests = clauses.flatMap((clause) => clause.tests).filter(({ index }) => index < 6);
  const indexes = [...new Set(tests.map(({ index }) => index))].sort();
  const filled = (args: CallValues): CallValues =>
    ordinaryValues(name).map((value, i) => (indexes.includes(i) ? args[i]! : value));
  const regions = regionsOf(clauses, architecture.bits).list.slice(0, MOST_REGIONS);
  const apart = regions.map(({ args }) =>
    filled(indexes.reduce((all, i) => all.with(i, gentlest(name, i, all[i]!, tests)), args)),
  );
  const aside = clauses.flatMap((clause) => besideEachTest(clause, architecture.bits).map(filled));
  const known = new Set(variantsOf(name).map((variant) => valuesOf(variant).join()));
  return [...apart, ...aside].flatMap((args) => {
    const key = args.join();
    if (known.has(key)) return [];
    known.add(key);
    return [{ args, detail: indexes.map((i) => argumentInWords(name, i, args[i]!, architecture)).join(', ') }];
  });
}

/** What the arguments are that no rule asks for. */
const ordinaryValues = (name: string): CallValues => valuesOf(variantsOf(name)[0]!);

/** A value that all tests answer as they do this one, and that more likely makes the call fail. */
function gentlest(name: string, index: number, value: bigint, tests: readonly Test[]): bigint {
  const own = tests.filter((test) => test.index === index);
  const candidates = [ordinaryValues(name)[index]!, ...saferValues(name, index, value)];
  return candidates.find((other) => own.every((test) => holds(test, other) === holds(test, value))) ?? value;
}

/** Calls for which all tests of a clause hold, and those in which one argument moves just across one of its tests. */
function besideEachTest({ tests }: Clause, bits: 32 | 64): readonly CallValues[] {
  const inside = regionsOf([{ tests }], bits).list.find(({ holding }) => holding.length > 0)?.args;
  if (!inside) return [];
  return [
    inside,
    ...tests.flatMap((test) => (test.index < 6 ? around(test).map((v) => inside.with(test.index, v)) : [])),
  ];
}

/** Values on both sides of a test: its neighbours, and the same with a bit of the upper half changed. */
function around(test: Test): readonly bigint[] {
  const { op, value, datum } = test;
  const centre = op === 'SCMP_CMP_MASKED_EQ' ? datum : value;
  const near = [centre - 1n, centre, centre + 1n, centre ^ (1n << 32n)].filter((v) => v >= 0n && v <= MAX_64);
  return [...new Set([...near, ...cellsOf([test], 64).list])];
}

const LONGEST_WORDS = 40;

/** `domain = AF_NETLINK`, `flags = 0x800`. */
function argumentInWords(name: string, index: number, value: bigint, { table }: Architecture): string {
  const label = argumentsOn(name, table)?.[index]?.name ?? `argument ${index}`;
  const words = describeArgumentValue(name, index, value);
  const number = value < 10n ? String(value) : hex(value);
  return `${label} = ${words && words.length <= LONGEST_WORDS ? words : number}`;
}
