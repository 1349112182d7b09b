import { type Rule, ruleNames } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { rulesNaming } from '../policy/names.ts';
import { argumentLabel, type Comparison, comparisonsOf, isSplit, MASKED, spanOf } from './conditions.ts';
import { coverAll } from './ranges.ts';
import { removeCondition } from './rewrite.ts';

export const alwaysTrueCondition: Check = {
  code: 'always-true-condition',
  severity: 'warning',
  scope: 'rule',
  summary: 'A condition holds for every call.',
  explanation: `Comparisons are unsigned, on 64 bits (\`man 3 seccomp_rule_add\`): every number is at least 0 and none is above
18446744073709551615. A condition that asks for just that restricts nothing, so the rule matches more calls than it seems to.

The engine keeps such a condition all the same. A rule that has no other one still counts as conditional, so that a rule without
conditions for the same syscall overrides it.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 0, "op": "SCMP_CMP_GE" }, { "index": 2, "value": 255, "op": "SCMP_CMP_GT" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 2, "value": 255, "op": "SCMP_CMP_GT" }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules)
      for (const comparison of comparisonsOf(rule))
        if (comparison.op !== MASKED && coverAll([comparison])) yield finding(context, rule, comparison);
  },
};

function finding(context: CheckContext, rule: Rule, { condition, index }: Comparison): Finding {
  const others = rule.conditions.length > 1 && !isSplit(rule);
  return {
    span: spanOf(condition, 'value'),
    message: `This holds for every value of ${argumentLabel(rule, index, context)}, since numbers are unsigned. ${others ? 'Remove the condition' : 'Remove it, or correct the operator or the value'}.`,
    fixes: () => {
      if (isSplit(rule)) return [];
      const safe = others && !sharesName(context, rule);
      return [{ title: 'Remove the condition', edits: removeCondition(context, rule, condition), safe }];
    },
  };
}

/** Whether a name is mentioned once more, here or in another rule: the two are then weighed against each other by their conditions. */
function sharesName({ document }: CheckContext, rule: Rule): boolean {
  const names = ruleNames(rule).map(({ value }) => value);
  return new Set(names).size < names.length || names.some((name) => rulesNaming(document, name) > 1);
}
