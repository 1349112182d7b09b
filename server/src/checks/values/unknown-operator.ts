import { operator } from '../../catalog/index.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { engine, quote } from '../text/words.ts';
import { didYouMean, guess, withGuesses } from './guesses.ts';
import { OPERATOR_WORDS } from './operators.ts';
import { conditionsReachedWhere } from './reach.ts';

export const unknownOperator: Check = {
  code: 'unknown-operator',
  severity: 'error',
  scope: 'rule',
  summary: 'The operator of a condition does not exist.',
  explanation: `The seven operators \`SCMP_CMP_*\` are compared to the letter: "string SCMP_CMP_EQUAL is not a valid operator for seccomp" (runc:
\`libcontainer/seccomp/config.go\`), when the container starts. There are no signed comparisons and none for ranges.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {
      "names": ["personality"],
      "action": "SCMP_ACT_ALLOW",
      "args": [{ "index": 0, "value": 8, "op": "==" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {
      "names": ["personality"],
      "action": "SCMP_ACT_ALLOW",
      "args": [{ "index": 0, "value": 8, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules) {
      for (const { op } of rule.conditions) {
        if (!op || operator(op.value) || !op.node.closed) continue;
        const guesses = guess(op.value, OPERATOR_WORDS);
        const where = conditionsReachedWhere(context, rule);
        yield {
          span: op.node,
          ...(where && { severity: 'warning' }),
          message: `${quote(op.value)} is no operator: ${engine(context)} refuses the profile${where ?? ''}. ${didYouMean(guesses, 'Write one such as "SCMP_CMP_EQ".')}`,
          ...withGuesses(op, guesses),
        };
      }
    }
  },
};
