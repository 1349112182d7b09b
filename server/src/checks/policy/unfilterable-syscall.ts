import { permits, resolvedRule } from '../../policy/resolve.ts';
import { ruleNames } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';

export const unfilterableSyscall: Check = {
  code: 'unfilterable-syscall',
  severity: 'information',
  scope: 'rule',
  summary: 'The kernel lets the syscall through whatever the filter says.',
  explanation: `On x86-64 the kernel exempts \`uretprobe\` from seccomp: the call is only accepted from the trampoline that the kernel itself
places for return probes, and killed elsewhere (Linux: \`kernel/seccomp.c\`; measured on Linux 6.18, where no rule and no default action
reached it). A rule that denies it does nothing, and nothing is lost by that.`,
  example: {
    bad: `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["uretprobe"], "action": "SCMP_ACT_ERRNO" }] }`,
    good: `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["ptrace"], "action": "SCMP_ACT_ERRNO" }] }`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    if (context.target.architecture !== 'SCMP_ARCH_X86_64') return;
    for (const rule of context.rules) {
      const outcome = context.policy && resolvedRule(context.policy.resolved, rule)?.outcome;
      if (!outcome || permits(outcome)) continue;
      for (const { value, node } of ruleNames(rule))
        if (value === 'uretprobe')
          yield {
            span: node,
            message: 'The kernel lets "uretprobe" through whatever the filter says; denying it has no effect.',
          };
    }
  },
};
