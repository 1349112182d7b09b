import { arrayOf, type Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { isItem, removeItems } from '../edits.ts';
import { argumentLabel, type Comparison, comparisonsOf, isSplit, spanOf } from './conditions.ts';
import { rangesOf } from './ranges.ts';

export const neverTrueCondition: Check = {
  code: 'never-true-condition',
  severity: 'warning',
  scope: 'rule',
  summary: 'A condition holds for no call, so its rule matches nothing.',
  explanation: `Comparisons are unsigned, on 64 bits (\`man 3 seccomp_rule_add\`): no number is below 0 and none is above
18446744073709551615. Since all conditions of a rule must hold, a rule with such a condition never matches: an allowing rule
allows nothing, a denying one denies nothing.

A test for negative numbers cannot be written as "less than 0". A negative \`int\` arrives as a large unsigned number, see
\`sign-extended-argument\`.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["lseek"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 1, "value": 0, "op": "SCMP_CMP_LT" }]
    },
    {
      "names": ["bpf"],
      "action": "SCMP_ACT_ERRNO"
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["bpf"],
      "action": "SCMP_ACT_ERRNO"
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules)
      for (const comparison of comparisonsOf(rule))
        if (rangesOf(comparison)?.length === 0) yield finding(context, rule, comparison);
  },
};

function finding(context: CheckContext, rule: Rule, { condition, index }: Comparison): Finding {
  const effect = isSplit(rule) ? 'it adds nothing to the rule' : 'the rule never matches';
  return {
    span: spanOf(condition, 'value'),
    message: `No value of ${argumentLabel(rule, index, context)} fulfils this, since numbers are unsigned: ${effect}. Correct the operator or the value.`,
    fixes: () => (isSplit(rule) ? [] : withoutRule(context, rule)),
  };
}

function withoutRule({ document }: CheckContext, rule: Rule): readonly Fix[] {
  const array = document.profile && arrayOf(document.profile.view, 'syscalls');
  if (!array || !isItem(array, rule.view.node)) return [];
  const edits = removeItems(document.text, array, [rule.view.node]);
  return [{ title: 'Remove the rule, which never matches', edits, safe: false }];
}
