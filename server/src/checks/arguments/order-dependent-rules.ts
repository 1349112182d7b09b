import type { LoadedRule } from '../../policy/load.ts';
import { unpredictable } from '../../policy/predictable.ts';
import { sameOutcome } from '../../policy/resolve.ts';
import { outcomeInWords } from '../../policy/words.ts';
import { arrayOf, type Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { ruleLabel } from '../policy/names.ts';
import { overlap } from './ranges.ts';

/** Rules for one syscall that are compared pair by pair; more than any profile has, and a bound on the work. */
const MOST_RULES = 40;

export const orderDependentRules: Check = {
  code: 'order-dependent-rules',
  severity: 'warning',
  scope: 'profile',
  summary: 'A call can match two conditional rules with different actions, and their order does not decide.',
  explanation: `Conditional rules are **not** tried in the order of the file. libseccomp sorts the tests of a syscall its own way (the argument, the
kind of comparison, the value) and the first that leads to an action wins; its authors promise no order (libseccomp: \`src/db.c\`).
Where two rules with different actions can match the same call, the profile does not say what happens.

Where only equal comparisons or only masks on one argument are involved, the outcome is at least the same with every release that was
measured; then this is an information. Write conditions that exclude each other.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 16, "op": "SCMP_CMP_GE" }]
    },
    {
      "names": ["socket"],
      "action": "SCMP_ACT_KILL_PROCESS",
      "args": [{ "index": 0, "value": 40, "op": "SCMP_CMP_GE" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 16, "op": "SCMP_CMP_EQ" }]
    },
    {
      "names": ["socket"],
      "action": "SCMP_ACT_KILL_PROCESS",
      "args": [{ "index": 0, "value": 40, "op": "SCMP_CMP_GE" }]
    }
  ]
}`,
  },
  *find({ policy }: CheckContext): Iterable<Finding> {
    const reported = new Set<Rule>();
    for (const number of policy?.native.conditioned ?? []) {
      const { conditional } = policy!.native.syscalls.get(number)!;
      for (const [earlier, later] of overlaps(conditional)) {
        if (reported.has(later.source.rule)) continue;
        reported.add(later.source.rule);
        yield finding(earlier, later, unpredictable(conditional) === undefined);
      }
    }
  },
};

type Pair = readonly [LoadedRule, LoadedRule];

function overlaps(rules: readonly LoadedRule[]): readonly Pair[] {
  const known = OVERLAPS.get(rules) ?? [...overlapping(rules.slice(0, MOST_RULES))];
  OVERLAPS.set(rules, known);
  return known;
}

const OVERLAPS = new WeakMap<readonly LoadedRule[], readonly Pair[]>();

/** Pairs of rules that one call can match and that disagree; those that libseccomp refuses or drops are another check's. */
function* overlapping(rules: readonly LoadedRule[]): Iterable<Pair> {
  for (const [i, later] of rules.entries()) {
    const earlier = rules
      .slice(0, i)
      .find((rule) => disagree(rule, later) && overlap(rule.tests, later.tests) && !nested(rule, later));
    if (earlier) yield [earlier, later];
  }
}

function disagree(a: LoadedRule, b: LoadedRule): boolean {
  return a.source.rule !== b.source.rule && !sameOutcome(a.outcome, b.outcome);
}

/** Whether the tests of one are the first tests of the other, by argument. */
function nested(a: LoadedRule, b: LoadedRule): boolean {
  const [short, long] = [sortedKeys(a), sortedKeys(b)].sort((x, y) => x.length - y.length) as [string[], string[]];
  return short.every((key, i) => key === long[i]);
}

function sortedKeys({ tests }: LoadedRule): readonly string[] {
  return [...tests]
    .sort((a, b) => a.index - b.index)
    .map(({ index, op, value, datum }) => `${index} ${op} ${value} ${datum}`);
}

function finding(earlier: LoadedRule, later: LoadedRule, settled: boolean): Finding {
  const other = ruleLabel(earlier.source.rule);
  const decides = settled
    ? 'not their order in the file, but the order in which libseccomp sorts the tests decides'
    : 'which of them wins is not defined';
  return {
    span: arrayOf(later.source.rule.view, 'args') ?? later.name.node,
    severity: settled ? 'information' : 'warning',
    message: `A call to "${later.name.value}" can match this rule (${outcomeInWords(later.outcome)}) and ${other} (${outcomeInWords(earlier.outcome)}): ${decides}. Make their conditions exclude each other.`,
    related: [{ span: earlier.name.node, message: `${other}: ${outcomeInWords(earlier.outcome)}` }],
  };
}
