import { loaderOf, runtimeLabel } from '../../policy/target.ts';
import type { Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { argumentLabel, type Comparison, comparisonsOf, isSplit, MAX_64, spanOf } from './conditions.ts';
import { coverAll, intersection } from './ranges.ts';
import { conditionsFor, copies, textOf } from './rewrite.ts';

export const repeatedArgumentIndex: Check = {
  code: 'repeated-argument-index',
  severity: 'warning',
  scope: 'rule',
  summary: 'Two conditions of a rule look at the same argument, so any one condition of the rule is enough.',
  explanation: `The conditions of a rule must all hold, with one exception: as soon as two of them have the same \`index\`, runc and
crun make a rule of its own out of **every** condition, so that any single one is enough, those on other arguments included
(runc: \`libcontainer/seccomp/seccomp_linux.go\`, crun: \`src/libcrun/seccomp.c\`, measured). crun up to 1.28 also reads only the first
six of them.

A range such as "at least 10 and at most 20" therefore matches every number, and so does "not 1" together with "not 2". A range
can only be written as single values, or as what lies below and above it. Several \`SCMP_CMP_EQ\` on one argument do mean "one of
these values"; rules of their own say the same more clearly.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 1, "op": "SCMP_CMP_NE" }, { "index": 0, "value": 2, "op": "SCMP_CMP_NE" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 0, "op": "SCMP_CMP_LE" }]
    },
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 3, "op": "SCMP_CMP_GE" }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules) {
      if (!isSplit(rule)) continue;
      const comparisons = comparisonsOf(rule);
      const repeated = firstRepeated(comparisons);
      if (repeated) yield finding(context, rule, comparisons, repeated);
    }
  },
};

function firstRepeated(comparisons: readonly Comparison[]): Comparison | undefined {
  const seen = new Set<number>();
  return comparisons.find(({ index }) => seen.size === seen.add(index).size);
}

function finding(context: CheckContext, rule: Rule, all: readonly Comparison[], repeated: Comparison): Finding {
  const meant = isAlternatives(rule, all);
  const runtime = runtimeLabel(context.target.runtime);
  const label = argumentLabel(rule, repeated.index, context);
  return {
    span: spanOf(repeated.condition, 'index'),
    severity: meant ? 'information' : 'warning',
    message: `Another condition of this rule looks at ${label} too, so ${runtime} takes the conditions one by one: any of them is enough${consequence(context, all)}.${meant ? '' : ' Write what is meant as separate rules.'}`,
    fixes: () => [...intended(context, rule, all), ...separated(context, rule, meant)],
  };
}

/** What follows from "or": several values of one argument can mean nothing else. */
function isAlternatives(rule: Rule, all: readonly Comparison[]): boolean {
  const values = new Set(all.map(({ value }) => value));
  return (
    all.length === rule.conditions.length &&
    all.every(({ op, index }) => op === 'SCMP_CMP_EQ' && index === all[0]!.index) &&
    values.size === all.length
  );
}

function consequence({ target }: CheckContext, all: readonly Comparison[]): string {
  const indexes = [...new Set(all.map(({ index }) => index))];
  if (indexes.some((index) => coverAll(all.filter((test) => test.index === index)))) return ', and every call matches';
  if (all.length > 6 && loaderOf(target) === 'crun') return ', and those after the sixth may be dropped';
  return indexes.length > 1 ? ', also those on other arguments' : '';
}

/** The rules for "all of them hold", where they can be written. */
function intended(context: CheckContext, rule: Rule, all: readonly Comparison[]): readonly Fix[] {
  const [first] = all;
  if (!first || all.length < rule.conditions.length || all.some(({ index }) => index !== first.index)) return [];
  const ranges = intersection(all);
  const lists = ranges && ranges.length > 0 ? conditionsFor(first.index, ranges, MAX_64) : undefined;
  const edits = lists ? copies(context, rule, lists) : [];
  if (edits.length === 0) return [];
  return [{ title: 'Rewrite as rules that match when all conditions hold', edits, safe: false }];
}

/** The rules that the engine makes of it. Hides a mistake unless "or" is what is meant. */
function separated(context: CheckContext, rule: Rule, meant: boolean): readonly Fix[] {
  const lists = rule.conditions.map((condition) => textOf(context, condition));
  const edits = copies(context, rule, lists);
  if (edits.length === 0) return [];
  return [
    {
      title: 'Split into one rule for each condition, as the engine does',
      edits,
      safe: meant && lists.length <= 6,
    },
  ];
}
