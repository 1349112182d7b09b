import type { LoadedRule } from '../../policy/load.ts';
import { type Policy, type Verdict, verdictOf } from '../../policy/policy.ts';
import { permits } from '../../policy/resolve.ts';
import type { Check, CheckContext, Edit, Finding } from '../check.ts';
import { disjoint } from '../edits.ts';
import { addRule, isNamable, removeEvery } from '../policy/names.ts';

export const clone3FlagsHidden: Check = {
  code: 'clone3-flags-hidden',
  severity: 'warning',
  scope: 'profile',
  summary: 'The flags of `clone` are filtered while `clone3`, whose flags no filter can see, is allowed.',
  explanation: `\`clone3\` does what \`clone\` does, but takes its flags in memory (\`man 2 clone\`: \`struct clone_args\`), where no filter can look.
A condition on the flags of \`clone\`, usually against new namespaces, is worth nothing while \`clone3\` is allowed.

Deny \`clone3\` with \`ENOSYS\` (38): the C library then takes the kernel for one without it and falls back to \`clone\`. \`EPERM\` would stop
programs from creating threads. Docker's default profile does the same (moby: \`profiles/seccomp\`).`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["clone", "unshare"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 268435456, "valueTwo": 268435456, "op": "SCMP_CMP_MASKED_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["clone", "unshare"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 268435456, "valueTwo": 268435456, "op": "SCMP_CMP_MASKED_EQ" }]
    },
    { "names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38 }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { policy } = context;
    const rule = policy && filteringRule(policy);
    const clone3 = rule && verdictOf(policy, 'clone3');
    if (!clone3 || clone3.conditional.length > 0 || !permits(clone3.otherwise.outcome)) return;
    yield finding(context, policy, rule, clone3);
  },
};

/** A rule by which the arguments of clone decide whether it is executed. */
function filteringRule(policy: Policy): LoadedRule | undefined {
  const clone = verdictOf(policy, 'clone');
  return clone?.kind === 'conditional' ? clone.conditional[0] : undefined;
}

function finding(context: CheckContext, policy: Policy, rule: LoadedRule, clone3: Verdict): Finding {
  const { reason } = clone3.otherwise;
  return {
    span: rule.name.node,
    message:
      'The arguments of "clone" are checked here, but "clone3" is allowed and can ask for the same with flags that no filter can see. Deny clone3 with ENOSYS (38), so that programs fall back to clone.',
    related: reason.kind === 'rule' ? [{ span: reason.rule.name.node, message: 'allows clone3' }] : [],
    fixes: () => {
      const edits = denyClone3(context, policy, clone3);
      return isNamable(context, 'clone3') && disjoint(edits)
        ? [{ title: 'Deny clone3 with ENOSYS', edits, safe: false }]
        : [];
    },
  };
}

/** An earlier rule that allows clone3 would win over the new one, so the name leaves it. */
function denyClone3(context: CheckContext, { profile }: Policy, { otherwise }: Verdict): readonly Edit[] {
  const { reason } = otherwise;
  const removed = reason.kind === 'rule' ? removeEvery(context, reason.rule.source.rule, 'clone3') : [];
  const rule = '{ "names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38 }';
  return [...removed, ...addRule(context, profile.view, rule)];
}
