import type { Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { type Comparison, comparisonsOf, MASKED, MAX_32, quoted, spanOf } from './conditions.ts';
import { changeCondition } from './rewrite.ts';
import { fitOf, narrowArguments, signed32 } from './width.ts';

export const signExtendedArgument: Check = {
  code: 'sign-extended-argument',
  severity: 'warning',
  scope: 'rule',
  summary: 'A negative number of an `int` argument is compared in one of its two forms.',
  explanation: `A filter sees the whole 64-bit register, the kernel only the lower half of it where the argument is an \`int\`. A negative
number arrives with an upper half of zeros or of ones, depending on how the program was compiled: \`AT_FDCWD\` (-100) is 4294967196 with one
release of the C library and 18446744073709551516 with the next. A comparison with either misses the other.

Compare the lower half only: \`SCMP_CMP_MASKED_EQ\` with the mask 4294967295 matches both (libseccomp's issue tracker: sign extension of
32-bit arguments; measured).`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["mkdirat"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 4294967196, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["mkdirat"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 4294967295, "op": "SCMP_CMP_MASKED_EQ", "valueTwo": 4294967196 }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules)
      for (const comparison of comparisonsOf(rule)) yield* negative(context, rule, comparison);
  },
};

function* negative(context: CheckContext, rule: Rule, comparison: Comparison): Iterable<Finding> {
  const { condition, op, value } = comparison;
  if (op !== 'SCMP_CMP_EQ' && op !== 'SCMP_CMP_NE') return;
  const found = narrowArguments(rule, comparison, context).filter((named) => fitOf(named, value) === 'negative');
  const [first] = found;
  if (!first) return;
  const names = quoted([...new Set(found.map(({ name }) => name.value))]);
  const advice = op === 'SCMP_CMP_EQ' ? ' Compare the lower 32 bits with a mask.' : '';
  yield {
    span: spanOf(condition, 'value'),
    message: `This is ${signed32(value)} for "${first.argument.name}" of ${names} (${first.argument.type}), in one of the two forms in which programs pass it; the other one is missed.${advice}`,
    fixes: () => (op === 'SCMP_CMP_EQ' ? [masked(context, comparison)] : []),
  };
}

function masked(
  context: CheckContext,
  { condition, value }: Comparison,
): ReturnType<NonNullable<Finding['fixes']>>[number] {
  const change = { op: MASKED, value: MAX_32, valueTwo: value & MAX_32 };
  return { title: 'Compare the lower 32 bits only', edits: changeCondition(context, condition, change), safe: false };
}
