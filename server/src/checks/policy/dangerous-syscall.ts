import { type Danger, dangerOf, defaultProfile } from '../../catalog/index.ts';
import type { Policy } from '../../policy/policy.ts';
import { verdictOf } from '../../policy/policy.ts';
import { permits } from '../../policy/resolve.ts';
import { type Rule, ruleNames } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { removeName } from './names.ts';

export const dangerousSyscall: Check = {
  code: 'dangerous-syscall',
  severity: 'information',
  summary: 'An allow-list allows a syscall that breaks containment or opens much of the kernel.',
  explanation: `These calls are the ones that Docker's default profile keeps from containers without the matching capability, because
they reach the host or have a history of kernel vulnerabilities: loading modules, mounting, tracing other processes, \`bpf\`,
\`io_uring\`, \`userfaultfd\`. An allow-list may well need one of them; then give it a condition, or \`includes.caps\` with the capability
that it needs, so that it is allowed only where it can be used.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_LOG",
  "syscalls": [{ "names": ["read", "kexec_load"], "action": "SCMP_ACT_ALLOW" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_LOG",
  "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_ALLOW" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { policy } = context;
    if (!policy || policy.resolved.default!.action === 'SCMP_ACT_ALLOW') return;
    for (const { rule, outcome } of policy.resolved.rules)
      if (permits(outcome) && rule.conditions.length === 0 && !needsCapability(rule))
        yield* inRule(context, policy, rule);
  },
};

/** A rule that is there only with a capability was written with care. */
function needsCapability(rule: Rule): boolean {
  return (rule.includes?.caps.length ?? 0) > 0;
}

function* inRule(context: CheckContext, policy: Policy, rule: Rule): Iterable<Finding> {
  for (const { value, node } of ruleNames(rule)) {
    const danger = dangerOf(value);
    if (!danger || danger.tier > 2 || allowedByDocker(value) || verdictOf(policy, value)?.kind !== 'allowed') continue;
    yield {
      span: node,
      severity: danger.tier === 1 ? 'information' : 'hint',
      message: message(danger),
      fixes: () => [
        { title: `Remove "${value}" from the allow-list`, edits: removeName(context, rule, node), safe: false },
      ],
    };
  }
}

function message(danger: Danger): string {
  return `"${danger.syscall}" is dangerous to allow: ${danger.why}`;
}

function allowedByDocker(name: string): boolean {
  return defaultProfile('docker').verdicts.get(name)?.kind === 'allowed';
}
