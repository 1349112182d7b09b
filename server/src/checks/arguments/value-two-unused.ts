import { type Condition, effectiveMember } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { removeMembers } from '../edits.ts';
import { comparisonsOf, MASKED } from './conditions.ts';

export const valueTwoUnused: Check = {
  code: 'value-two-unused',
  severity: 'warning',
  scope: 'rule',
  summary: '`valueTwo` stands with an operator that does not read it.',
  explanation: `Only \`SCMP_CMP_MASKED_EQ\` reads \`valueTwo\`; with every other operator it is ignored without a word (runc:
\`libcontainer/seccomp/seccomp_linux.go\`, measured). It makes no range: \`SCMP_CMP_GE\` with two numbers is "at least the first".
A 0 is not reported: Docker's own generator writes it everywhere.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["personality"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 0, "valueTwo": 8, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["personality"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 0, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const { condition, op } of context.rules.flatMap(comparisonsOf))
      if (op !== MASKED && condition.valueTwo && condition.valueTwo.value !== 0n) yield finding(context, condition, op);
  },
};

function finding({ document }: CheckContext, condition: Condition, op: string): Finding {
  return {
    span: condition.valueTwo!.node,
    message: `${op} does not read valueTwo, so ${condition.valueTwo!.value} has no effect. Remove it, or write another rule for what it stands for.`,
    tag: 'unnecessary',
    fixes: () => {
      const member = effectiveMember(condition.view, 'valueTwo')?.member;
      if (!member) return [];
      return [
        { title: 'Remove "valueTwo"', edits: removeMembers(document.text, condition.view, [member]), safe: true },
      ];
    },
  };
}
