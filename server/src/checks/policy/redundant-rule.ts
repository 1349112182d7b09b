import type { Policy } from '../../policy/policy.ts';
import { permits, sameOutcome } from '../../policy/resolve.ts';
import { loaderOf } from '../../policy/target.ts';
import { arrayOf, type Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { removeItems } from '../edits.ts';

export const redundantRule: Check = {
  code: 'redundant-rule',
  severity: 'information',
  scope: 'profile',
  summary: 'The rule has no effect, since its action and errno are those of the default.',
  explanation: `runc and crun skip a rule whose action (and errno) equal the default before libseccomp sees it
(runc: \`libcontainer/seccomp/seccomp_linux.go\`, crun: \`src/libcrun/seccomp.c\`). It documents an intention, but it denies or
allows nothing: a rule elsewhere with another action wins, wherever it stands. Under runc even a skipped rule moves the number
above which unknown calls get \`ENOSYS\`, so removing one can change the errno of newer calls.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["bpf"], "action": "SCMP_ACT_ERRNO" },
    { "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ALLOW" }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { policy } = context;
    if (!policy) return;
    const { default: byDefault, rules } = policy.resolved;
    for (const { rule, outcome } of rules) if (sameOutcome(outcome, byDefault!)) yield finding(context, policy, rule);
  },
};

function finding(context: CheckContext, policy: Policy, rule: Rule): Finding {
  return {
    span: rule.action!.node,
    message: `This rule has no effect: ${rule.action!.value} is what the default gives anyway, so the rule is skipped when the filter is built.`,
    tag: 'unnecessary',
    related: [{ span: policy.read.defaultAction!.node, message: 'The default' }],
    fixes: () => remove(context, policy, rule),
  };
}

function remove(context: CheckContext, policy: Policy, rule: Rule): readonly Fix[] {
  const array = arrayOf(policy.profile.view, 'syscalls');
  if (!array) return [];
  const harmless = permits(policy.resolved.default!) || loaderOf(policy.target) === 'crun';
  const edits = removeItems(context.document.text, array, [rule.view.node]);
  return [{ title: 'Remove the rule', edits, safe: harmless }];
}
