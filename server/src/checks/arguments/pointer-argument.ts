import type { Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { type Comparison, comparisonsOf, declaration, namedArguments, quoted, spanOf } from './conditions.ts';

export const pointerArgument: Check = {
  code: 'pointer-argument',
  severity: 'warning',
  scope: 'rule',
  summary: 'A condition compares a pointer, never what it points to.',
  explanation: `A filter sees the six argument registers and no memory (\`man 2 seccomp\`). Where an argument is a pointer, for example the path of
\`openat\` or the structure of \`clone3\`, a condition compares the **address**, which the program chooses as it likes. What lies
there can't be checked, and the program could change it after the check anyway.

A comparison with 0 asks whether a pointer was given at all and is not reported. To restrict paths use a Linux security module, or
mount options.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["openat"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 1, "value": 47, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["openat"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 2, "value": 64, "valueTwo": 64, "op": "SCMP_CMP_MASKED_EQ" }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules)
      for (const comparison of comparisonsOf(rule)) yield* addressed(context, rule, comparison);
  },
};

function* addressed(context: CheckContext, rule: Rule, comparison: Comparison): Iterable<Finding> {
  const { condition, index } = comparison;
  if (asksForNull(comparison)) return;
  const pointers = namedArguments(rule, index, context).filter(({ argument }) => argument.pointer);
  const [first] = pointers;
  if (!first) return;
  const names = quoted([...new Set(pointers.map(({ name }) => name.value))]);
  yield {
    span: spanOf(condition, 'index'),
    message: `Argument ${index} of ${names} is a pointer (${declaration(first.argument)}): the condition compares the address, never what stands there. No filter can check this; remove the condition.`,
  };
}

/** Whether a pointer was given at all is a sensible question. */
function asksForNull({ op, value }: Comparison): boolean {
  return (
    (value === 0n && (op === 'SCMP_CMP_EQ' || op === 'SCMP_CMP_NE' || op === 'SCMP_CMP_GT')) ||
    (op === 'SCMP_CMP_GE' && value === 1n)
  );
}
