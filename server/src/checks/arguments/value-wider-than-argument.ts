import type { Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { type Comparison, comparisonsOf, MASKED, MAX_32, quoted, spanOf } from './conditions.ts';
import { changeCondition } from './rewrite.ts';
import { fitOf, narrowArguments } from './width.ts';

export const valueWiderThanArgument: Check = {
  code: 'value-wider-than-argument',
  severity: 'warning',
  scope: 'rule',
  summary: 'A number above 32 bits is compared with an argument that has 32.',
  explanation: `The kernel declares many arguments as \`int\` or \`unsigned int\` and reads only the lower half of the register, while a
filter compares all 64 bits (\`man 2 seccomp\`: \`struct seccomp_data\`). Ordinary programs leave the upper half zero, or filled with the sign
of a negative number, so a larger number is never met: a test for equality fails for all of their calls, "less than" holds for all.

On 32-bit architectures libseccomp drops the upper half of the number itself (libseccomp: \`src/db.c\`).`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 4294967313, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 17, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules)
      for (const comparison of comparisonsOf(rule)) yield* tooWide(context, rule, comparison);
  },
};

function* tooWide(context: CheckContext, rule: Rule, comparison: Comparison): Iterable<Finding> {
  const { condition, op, value, datum } = comparison;
  const number = op === MASKED ? datum : value;
  if (number <= MAX_32) return;
  const wide = narrowArguments(rule, comparison, context).filter((named) => fitOf(named, number) === 'too-wide');
  const [first] = wide;
  if (!first) return;
  const key = op === MASKED ? 'valueTwo' : 'value';
  const names = quoted([...new Set(wide.map(({ name }) => name.value))]);
  yield {
    span: spanOf(condition, key),
    message: `${number} has more than 32 bits, but "${first.argument.name}" of ${names} has 32 (${first.argument.type}): ${effectOf(op)}.`,
    fixes: () => [
      {
        title: `Keep the lower 32 bits: ${number & MAX_32}`,
        edits: changeCondition(context, condition, { [key]: number & MAX_32 }),
        safe: false,
      },
    ],
  };
}

function effectOf(op: string): string {
  switch (op) {
    case 'SCMP_CMP_EQ':
    case MASKED:
      return 'no ordinary call matches. Correct the number';
    case 'SCMP_CMP_GT':
    case 'SCMP_CMP_GE':
      return 'only calls with a negative number or garbage in the upper half match. Correct the number';
    default:
      return 'every ordinary call matches. Correct the number';
  }
}
