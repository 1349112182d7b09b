import type { Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { type Comparison, comparisonsOf, MASKED, MAX_32, quoted, shownValue, spanOf } from './conditions.ts';
import { isDenial } from './denied.ts';
import { changeCondition } from './rewrite.ts';
import { fitOf, narrowArguments } from './width.ts';

export const intCompareBypass: Check = {
  code: 'int-compare-bypass',
  severity: 'information',
  scope: 'rule',
  summary: 'A denial by equality can be evaded through the unused half of a 32-bit argument.',
  explanation: `Where the kernel declares an argument as \`int\` or \`unsigned int\` it ignores the upper half of the register, but a filter
compares all of it (\`man 2 seccomp\`). A program that wants to get past a rule which denies one value sets a bit up there: the rule
no longer matches, and the kernel sees the same value as before. Ordinary programs never do that, so this only matters when
the profile is to stop hostile code.

\`SCMP_CMP_MASKED_EQ\` with the mask 4294967295 compares what the kernel looks at.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 17, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 4294967295, "op": "SCMP_CMP_MASKED_EQ", "valueTwo": 17 }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules)
      if (isDenial(context, rule))
        for (const comparison of comparisonsOf(rule)) yield* evadable(context, rule, comparison);
  },
};

function* evadable(context: CheckContext, rule: Rule, comparison: Comparison): Iterable<Finding> {
  const { condition, op, index, value } = comparison;
  if (op !== 'SCMP_CMP_EQ' || !condition.value) return;
  const narrow = narrowArguments(rule, comparison, context).filter((named) => fitOf(named, value) === 'fits');
  const [first] = narrow;
  if (!first) return;
  const names = quoted([...new Set(narrow.map(({ name }) => name.value))]);
  yield {
    span: spanOf(condition, 'op'),
    message: `${first.argument.name} = ${shownValue(rule, index, value, context)} is denied, but the kernel reads only the lower 32 bits of this argument of ${names}: with a bit set above them the call passes. Compare with a mask.`,
    fixes: () => [
      {
        title: 'Compare the lower 32 bits only',
        edits: changeCondition(context, condition, { op: MASKED, value: MAX_32, valueTwo: value }),
        safe: false,
      },
    ],
  };
}
