import type { Condition } from '../../profile/model.ts';
import { firstSign } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { addMember, replaceNode, valueNode } from '../edits.ts';
import { isMisspelt, isPresent } from '../structure/keys.ts';
import { isFragmentary } from '../text/problems.ts';
import { engine, readByGo } from '../text/words.ts';
import { conditionsReachedWhere } from './reach.ts';

export const missingOperator: Check = {
  code: 'missing-operator',
  severity: 'error',
  scope: 'rule',
  summary: 'A condition does not say how it compares.',
  explanation: `A condition needs \`op\`. Without it runc refuses to start the container: "string  is not a valid operator for seccomp", with the
empty text between two blanks; crun misses a required field (runc: \`libcontainer/seccomp/config.go\`, measured).`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {
      "names": ["personality"],
      "action": "SCMP_ACT_ALLOW",
      "args": [{ "index": 0, "value": 8 }]
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
    if (isFragmentary(context.document)) return;
    for (const rule of context.rules) {
      for (const condition of rule.conditions) {
        const { view } = condition;
        if (isPresent(view, 'op') || isMisspelt(view, 'op')) continue;
        // crun misses the key when it reads
        const where = readByGo(context) ? conditionsReachedWhere(context, rule) : undefined;
        yield {
          span: valueNode(view, 'op') ?? firstSign(view.node),
          ...(where && { severity: 'warning' }),
          message: `The condition has no "op", so ${engine(context)} refuses the profile${where ?? ''}. Add how the argument is compared.`,
          fixes: () => [insertion(context, condition)],
        };
      }
    }
  },
};

/** With two values only the masked comparison makes sense. */
function insertion({ document }: CheckContext, { view, valueTwo }: Condition): Fix {
  const op = valueTwo && valueTwo.value !== 0n ? 'SCMP_CMP_MASKED_EQ' : 'SCMP_CMP_EQ';
  const written = valueNode(view, 'op');
  return {
    title: `Add "op": "${op}"`,
    edits: [written ? replaceNode(written, `"${op}"`) : addMember(document.text, view, 'op', `"${op}"`)],
    safe: false,
  };
}
