import { type Policy, verdictOf } from '../../policy/policy.ts';
import { permits } from '../../policy/resolve.ts';
import { outcomeInWords } from '../../policy/words.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { agrees, isConditional, type Overruled } from './lost.ts';
import { letCount, removeName, ruleLabel } from './names.ts';

export const conflictingRules: Check = {
  code: 'conflicting-rules',
  severity: 'warning',
  scope: 'syscall',
  summary: 'Two rules without conditions give one syscall different actions; only the first counts.',
  explanation: `Of two unconditional rules for one syscall the first wins and the other is dropped without a word
(libseccomp: \`src/db.c\`, measured under runc and crun). A rule whose action and errno equal the default does not even take
part: it is skipped before libseccomp sees it (runc: \`libcontainer/seccomp/seccomp_linux.go\`), so that under a denying default
an allowing rule wins over a denying one **wherever** it stands.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["ptrace", "bpf"], "action": "SCMP_ACT_ERRNO" },
    { "names": ["ptrace", "kexec_load"], "action": "SCMP_ACT_KILL_PROCESS" }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["ptrace", "bpf"], "action": "SCMP_ACT_ERRNO" },
    { "names": ["kexec_load"], "action": "SCMP_ACT_KILL_PROCESS" }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const { overruled } of context.syscalls)
      for (const lost of overruled) if (!isConditional(lost) && !agrees(lost)) yield conflict(context, lost);
    if (context.outside && context.policy) yield* againstDefault(context, context.policy);
  },
};

function conflict(context: CheckContext, lost: Overruled): Finding {
  const name = lost.name.value;
  const winner = ruleLabel(lost.by.source.rule);
  return {
    unit: lost.unit,
    span: lost.name.node,
    message: `This rule does not count for "${name}": ${winner} comes first, so ${name} ${gets(lost.by.outcome)}. Remove it from one of the two.`,
    tag: 'unnecessary',
    related: [{ span: lost.by.name.node, message: `${winner} decides` }],
    fixes: () => [
      {
        title: `Remove "${name}" from this rule, which does not count`,
        edits: removeName(context, lost.source.rule, lost.name.node),
        safe: false,
      },
      ...letCount(context, lost.by.source.rule, name, 'this rule'),
    ],
  };
}

/** A rule that equals the default while another rule for the same name says otherwise. */
function* againstDefault(context: CheckContext, policy: Policy): Iterable<Finding> {
  for (const lost of policy.native.dropped) {
    if (lost.reason !== 'same-as-default') continue;
    const { otherwise } = verdictOf(policy, lost.name.value) ?? {};
    if (otherwise?.reason.kind !== 'rule' || permits(otherwise.outcome) === permits(lost.source.outcome)) continue;
    const { rule } = otherwise.reason;
    const winner = ruleLabel(rule.source.rule);
    yield {
      span: lost.name.node,
      message: `This rule does not count for "${lost.name.value}": its action is the default, so it is skipped, and ${winner} decides: the call ${gets(rule.outcome)}.`,
      tag: 'unnecessary',
      related: [{ span: rule.name.node, message: `${winner} decides` }],
      fixes: () => [
        ...letCount(context, rule.source.rule, lost.name.value, 'the default'),
        {
          title: `Remove "${lost.name.value}" from this rule, which does not count`,
          edits: removeName(context, lost.source.rule, lost.name.node),
          safe: false,
        },
      ],
    };
  }
}

function gets(outcome: Parameters<typeof outcomeInWords>[0]): string {
  const words = outcomeInWords(outcome);
  return words.startsWith('allowed') || words.startsWith('left') || words.startsWith('skipped') ? `is ${words}` : words;
}
