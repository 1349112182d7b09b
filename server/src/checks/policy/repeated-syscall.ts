import type { Check, CheckContext, Finding } from '../check.ts';
import { agrees, isConditional, type Overruled, overruled } from './lost.ts';
import { removeName, ruleLabel } from './names.ts';

export const repeatedSyscall: Check = {
  code: 'repeated-syscall',
  severity: 'information',
  summary: 'An earlier rule already gives the syscall the same action.',
  explanation: `Two unconditional rules that agree are no mistake, but the second changes nothing, and whoever later edits one of
them will believe that the call is denied or allowed when the other still says the opposite.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["ptrace", "bpf"], "action": "SCMP_ACT_ERRNO" },
    { "names": ["bpf", "kexec_load"], "action": "SCMP_ACT_ERRNO" }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["ptrace", "bpf"], "action": "SCMP_ACT_ERRNO" },
    { "names": ["kexec_load"], "action": "SCMP_ACT_ERRNO" }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const lost of overruled(context)) if (!isConditional(lost) && agrees(lost)) yield repeated(context, lost);
  },
};

/** Only a rule that depends on nothing may go without a question: with other capabilities the other one could be absent. */
function repeated(context: CheckContext, lost: Overruled): Finding {
  const name = lost.name.value;
  const winner = lost.by.source.rule;
  const dependent = winner.includes !== undefined || winner.excludes !== undefined;
  return {
    span: lost.name.node,
    message: `"${name}" already gets the same from ${ruleLabel(winner)}; this mention changes nothing.`,
    ...(dependent ? { severity: 'hint' as const } : { tag: 'unnecessary' as const }),
    related: [{ span: lost.by.name.node, message: 'The mention that counts' }],
    fixes: () => [
      {
        title: `Remove "${name}" from ${ruleLabel(lost.source.rule)}`,
        edits: removeName(context, lost.source.rule, lost.name.node),
        safe: !dependent,
      },
    ],
  };
}
