import type { Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { type Comparison, comparisonsOf, isSplit, MASKED } from './conditions.ts';
import { changeCondition, removeCondition } from './rewrite.ts';

export const maskZero: Check = {
  code: 'mask-zero',
  severity: 'warning',
  scope: 'rule',
  summary: 'A mask of 0 selects no bits, so the condition is dropped.',
  explanation: `With \`SCMP_CMP_MASKED_EQ\`, \`value\` is the **mask** and \`valueTwo\` what the masked argument must equal. A mask of 0 leaves
nothing to compare: libseccomp drops the condition, and a rule that has no other one then matches every call and overrides the
conditional rules for the same syscall (measured under runc and crun). Usually the two numbers were exchanged.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["unshare"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 0, "valueTwo": 268435456, "op": "SCMP_CMP_MASKED_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["unshare"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 268435456, "valueTwo": 268435456, "op": "SCMP_CMP_MASKED_EQ" }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules)
      for (const comparison of comparisonsOf(rule))
        if (comparison.op === MASKED && comparison.condition.value?.value === 0n)
          yield finding(context, rule, comparison);
  },
};

function finding(context: CheckContext, rule: Rule, { condition }: Comparison): Finding {
  const alone = rule.conditions.length === 1 || isSplit(rule);
  return {
    span: condition.value!.node,
    message: `"value" is the mask here, and a mask of 0 selects no bits: the condition is dropped${alone ? ' and the rule matches every call' : ''}. Put the bits to look at into "value".`,
    fixes: () => fixes(context, rule, { condition }),
  };
}

function fixes(context: CheckContext, rule: Rule, { condition }: Pick<Comparison, 'condition'>): readonly Fix[] {
  const bits = condition.valueTwo?.value ?? 0n;
  const removed: Fix = { title: 'Remove the condition', edits: removeCondition(context, rule, condition), safe: false };
  if (bits === 0n) return isSplit(rule) ? [] : [removed];
  return [
    { title: `Use ${bits} as mask`, edits: changeCondition(context, condition, { value: bits }), safe: false },
    ...(isSplit(rule) ? [] : [removed]),
  ];
}
