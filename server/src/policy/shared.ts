import { modelOf } from './alike.ts';
import { returnValue } from './bpf/program.ts';
import type { ArchFilter, LoadedRule, Test } from './load.ts';
import type { Policy } from './policy.ts';
import { type Unpredictable, unpredictable, unreliable } from './predictable.ts';
import { chainOf, isOrdered } from './relations.ts';
import { ownComeFirst } from './weight.ts';

/**
 * Whether some call of a syscall may get something else than its rules say, in the filter of this policy: what
 * `unpredictable` tells of the rules, and what the rest of the profile does to them.
 */
export function unpredictableIn(policy: Policy, filter: ArchFilter, number: number): Unpredictable | undefined {
  const rules = filter.syscalls.get(number)?.conditional ?? [];
  return unreliable(rules) ?? dependent(policy, filter, number) ?? unpredictable(rules);
}

const DEPENDENT = new WeakMap<ArchFilter, Map<number, Unpredictable | undefined>>();

/**
 * Whether a syscall can be judged by its own rules, whatever else is in the profile: undefined where that is proven. The
 * conditions lie on the safe side (libseccomp: `src/gen_bpf.c`, and random profiles compared with it).
 */
export function dependent(policy: Policy, filter: ArchFilter, number: number): Unpredictable | undefined {
  const known = DEPENDENT.get(filter) ?? new Map<number, Unpredictable | undefined>();
  DEPENDENT.set(filter, known);
  if (!known.has(number)) known.set(number, dependence(policy, filter, number));
  return known.get(number);
}

function dependence(policy: Policy, filter: ArchFilter, number: number): Unpredictable | undefined {
  const rules = filter.syscalls.get(number)?.conditional;
  if (!rules) return undefined;
  if (!standsAlone(policy, filter))
    return {
      why: 'the verdicts of this architecture are not proven for such a combination of rules',
      rules,
    };
  if (rules.length < 2) return undefined;
  const { branching, keys, signature: own, outcomes } = summaryOf(rules, filter);
  const other = summary(policy).find(
    (each) =>
      each.signature !== own &&
      [...outcomes].some((outcome) => each.outcomes.has(outcome)) &&
      (branching.some((key) => each.plain.has(key)) || keys.some((key) => each.doubtful.has(key))),
  );
  if (!other) return undefined;
  return { why: 'these rules are not proven to be independent of similar ones in the profile', rules };
}

const ALONE = new WeakMap<ArchFilter, boolean>();

/** Whether it is proven that the rules of this filter's program are reached. */
function standsAlone(policy: Policy, filter: ArchFilter): boolean {
  const known = ALONE.get(filter);
  if (known !== undefined) return known;
  const wide = ['x86_64', 'x32'].includes(filter.architecture.table);
  const filters = wide ? x86Filters(policy) : [filter];
  const found = (wide && filters.length < 2) || ownComeFirst(filters);
  ALONE.set(filter, found);
  return found;
}

/** The two filters that share a token, in the order in which the runtime adds them. */
function x86Filters(policy: Policy): readonly ArchFilter[] {
  return policy.resolved.architectures.flatMap(({ table }) =>
    table === 'x86_64' || table === 'x32' ? (policy.filter(table) ?? []) : [],
  );
}

/** What counts of a set of rules when others are judged. */
interface Summary {
  readonly signature: string;
  /** libseccomp joins only pieces that lead to the same results. */
  readonly outcomes: ReadonlySet<number>;
  readonly plain: ReadonlySet<string>;
  readonly doubtful: ReadonlySet<string>;
  /** What is looked for in those of others. */
  readonly branching: readonly string[];
  readonly keys: readonly string[];
}

const SUMMARIES = new WeakMap<Policy, readonly Summary[]>();

function summary(policy: Policy): readonly Summary[] {
  const known = SUMMARIES.get(policy);
  if (known) return known;
  const found = policy.resolved.architectures.flatMap(({ table }) => {
    const filter = policy.filter(table);
    return filter ? summariesOf(filter) : [];
  });
  SUMMARIES.set(policy, found);
  return found;
}

function summariesOf(filter: ArchFilter): readonly Summary[] {
  return filter.conditioned.flatMap((number) => {
    const found = summaryOf(filter.syscalls.get(number)!.conditional, filter);
    return found.plain.size + found.doubtful.size === 0 ? [] : [found];
  });
}

const SUMMARY_OF = new WeakMap<readonly LoadedRule[], { 32?: Summary; 64?: Summary }>();

function summaryOf(rules: readonly LoadedRule[], filter: ArchFilter): Summary {
  const { bits } = filter.architecture;
  const model = modelOf(rules);
  const known = SUMMARY_OF.get(model) ?? {};
  SUMMARY_OF.set(model, known);
  known[bits] ??= summarize(model, filter);
  return known[bits];
}

function summarize(rules: readonly LoadedRule[], filter: ArchFilter): Summary {
  const keys = allKeys(rules);
  return {
    signature: signature(rules, filter),
    outcomes: outcomesOf(rules),
    plain: followers(rules, 'ends'),
    doubtful: new Set(unreliable(rules) ? keys : []),
    branching: [...followers(rules, 'below')],
    keys,
  };
}

function outcomesOf(rules: readonly LoadedRule[]): ReadonlySet<number> {
  return new Set(rules.map(({ outcome }) => returnValue(outcome)));
}

function allKeys(rules: readonly LoadedRule[]): readonly string[] {
  return rules.flatMap((rule) => rule.tests.map(lowKey));
}

/**
 * The tests that come after another test of the same argument, one from which some rule goes on (`below`) or at which
 * some rule ends (`ends`). EQ, NE and MASKED_EQ come before the orders, from high to low.
 */
function followers(rules: readonly LoadedRule[], part: 'below' | 'ends'): ReadonlySet<string> {
  const keys = new Set<string>();
  if (rules.length < 2) return keys;
  const closed = part === 'ends' && complete(rules);
  for (let index = 0; index < 6; index++) {
    const before = highestTwo();
    for (const rule of rules)
      for (const test of rule.tests) {
        const wanted = closed || (chainOf(rule).at(-1) === test) === (part === 'ends');
        if (test.index === index && wanted) before.add(lowKey(test), rankOf(test));
      }
    for (const test of rules.flatMap((rule) => rule.tests.filter((each) => each.index === index)))
      if (!keys.has(lowKey(test)) && before.reaches(lowKey(test), rankOf(test))) keys.add(lowKey(test));
  }
  return keys;
}

/** Two of the tests leave no third way. */
function complete(rules: readonly LoadedRule[]): boolean {
  const tests = new Map<string, Test>();
  for (const test of rules.flatMap((rule) => rule.tests)) {
    const twin = tests.get(lowKey(test));
    if (twin && twin.op !== test.op) return true;
    tests.set(lowKey(test), test);
  }
  return false;
}

/** Tests with a higher datum come before; the data of orders are below all. */
const rankOf = (test: Test): bigint => (isOrdered(test) ? -1n : lowDatum(test));

interface HighestTwo {
  add(key: string, rank: bigint): void;
  /** Whether something of another key has at least this rank. */
  reaches(key: string, rank: bigint): boolean;
}

/** The highest rank of all that is added, and the highest of another key: one of them is of another key than any given. */
function highestTwo(): HighestTwo {
  let first: { readonly key: string; readonly rank: bigint } | undefined;
  let second: typeof first;
  return {
    add(key, rank) {
      if (key === first?.key) return;
      if (!first || rank > first.rank) {
        second = first;
        first = { key, rank };
      } else if (!second || rank > second.rank) second = { key, rank };
    },
    reaches(key, rank) {
      const other = first?.key === key ? second : first;
      return other !== undefined && other.rank >= rank;
    },
  };
}

function lowDatum({ op, value, datum }: Test): bigint {
  return (op === 'SCMP_CMP_MASKED_EQ' ? datum : value) & 0xffffffffn;
}

const KINDS: Readonly<Record<string, string>> = {
  SCMP_CMP_EQ: '=',
  SCMP_CMP_NE: '=',
  SCMP_CMP_MASKED_EQ: '&',
  SCMP_CMP_GT: '>',
  SCMP_CMP_LE: '>',
  SCMP_CMP_GE: '≥',
  SCMP_CMP_LT: '≥',
};

/** What of a test its comparison of the lower 32 bits shows. */
function lowKey({ index, op, value, datum }: Test): string {
  return `${index}${KINDS[op]}${value & 0xffffffffn} ${datum & 0xffffffffn}`;
}

/** Sets of equal signature are built in the same way, piece by piece. */
function signature(rules: readonly LoadedRule[], { architecture }: ArchFilter): string {
  const alike = rules.every((rule) => rule.tests.every(({ op, value }) => KINDS[op] === '=' && value < 2n ** 32n));
  const text = rules.map((rule) => {
    const tests = chainOf(rule).map(({ index, op, value, datum }) => `${index}${op}${value} ${datum}`);
    return `${tests.join()}:${rule.outcome.action}${rule.outcome.errno ?? ''}`;
  });
  return `${alike ? '' : architecture.bits};${text.join(';')}`;
}
