import { outcomeInWords } from '../../policy/words.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { agrees, isConditional, type Overruled } from './lost.ts';
import { letCount, removeName, ruleLabel } from './names.ts';

export const shadowedCondition: Check = {
  code: 'shadowed-condition',
  severity: 'warning',
  scope: 'syscall',
  summary: 'A rule without conditions erases the conditional rules for the same syscall.',
  explanation: `As soon as one rule covers a syscall without conditions, every conditional rule for it is dropped, whether it
stands before or after (libseccomp: \`src/db.c\`, measured under runc and crun). "Allow it, but not with these arguments" can
therefore not be written as an allow and a conditional deny: write the allow with the complementary conditions, or let the
default deny and allow only the good arguments.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["personality"], "action": "SCMP_ACT_LOG", "args": [{ "index": 0, "value": 8, "op": "SCMP_CMP_EQ" }] },
    { "names": ["personality", "bpf"], "action": "SCMP_ACT_ERRNO" }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["personality", "bpf"], "action": "SCMP_ACT_ERRNO" }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const { overruled } of context.syscalls)
      for (const lost of overruled) if (isConditional(lost)) yield shadowed(context, lost);
  },
};

function shadowed(context: CheckContext, lost: Overruled): Finding {
  const name = lost.name.value;
  const winner = ruleLabel(lost.by.source.rule);
  const same = agrees(lost);
  return {
    unit: lost.unit,
    span: lost.name.node,
    severity: same ? 'information' : 'warning',
    message: same
      ? `The condition has no effect for "${name}": ${winner} gives every call the same action.`
      : `The condition is lost for "${name}": ${winner} has no condition and erases this rule, so every call is ${decided(lost)}.`,
    tag: 'unnecessary',
    related: [{ span: lost.by.name.node, message: `${winner} covers every call` }],
    fixes: () => [
      {
        title: `Remove "${name}" from this rule, which does not count`,
        edits: removeName(context, lost.source.rule, lost.name.node),
        safe: false,
      },
      ...letCount(context, lost.by.source.rule, name, 'the condition'),
    ],
  };
}

function decided(lost: Overruled): string {
  const words = outcomeInWords(lost.by.outcome);
  return words.startsWith('fails') || words.startsWith('kills') || words.startsWith('raises')
    ? `denied (${words})`
    : words;
}
