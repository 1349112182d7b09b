import { effectiveMember, type Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { argumentLabel, type Comparison, comparisonsOf, MASKED, shownValue, spanOf } from './conditions.ts';
import { isDenial } from './denied.ts';
import { changeCondition } from './rewrite.ts';

export const maskedWithoutValueTwo: Check = {
  code: 'masked-without-value-two',
  severity: 'information',
  scope: 'rule',
  summary: 'A masked comparison without `valueTwo` holds when none of the bits is set.',
  explanation: `\`SCMP_CMP_MASKED_EQ\` keeps the bits of the argument that \`value\` selects and compares them with \`valueTwo\`, which is 0
when it is absent (\`man 3 seccomp_rule_add\`, measured). So the condition holds when **none** of the bits is set: right for
"allow the call unless one of these flags is given", the reverse of what is wanted in a rule that is to deny those flags.
There it is a warning.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["unshare"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 268435456, "op": "SCMP_CMP_MASKED_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["unshare"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 268435456, "op": "SCMP_CMP_MASKED_EQ", "valueTwo": 268435456 }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules)
      for (const comparison of comparisonsOf(rule))
        if (lacksDatum(comparison)) yield finding(context, rule, comparison, isDenial(context, rule));
  },
};

function lacksDatum({ condition, op, value }: Comparison): boolean {
  return op === MASKED && value !== 0n && !effectiveMember(condition.view, 'valueTwo');
}

function finding(context: CheckContext, rule: Rule, comparison: Comparison, denied: boolean): Finding {
  const { condition, index, value } = comparison;
  const bits = shownValue(rule, index, value, context);
  const explicit = {
    title: 'Add "valueTwo": 0, as the engine reads it',
    edits: changeCondition(context, condition, { valueTwo: 0n }),
    safe: true,
  };
  const reversed = {
    title: 'Match when all of these bits are set',
    edits: changeCondition(context, condition, { valueTwo: value }),
    safe: false,
  };
  return {
    span: spanOf(condition, 'op'),
    severity: denied ? 'warning' : 'information',
    message: `Without valueTwo this holds when none of the bits ${bits} of ${argumentLabel(rule, index, context)} is set. ${denied ? 'The rule denies the calls without them and lets the others pass' : 'Write "valueTwo": 0 to say so'}.`,
    fixes: () => (denied ? [reversed, { ...explicit, safe: false }] : [explicit]),
  };
}
