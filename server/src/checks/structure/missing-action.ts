import { action } from '../../catalog/index.ts';
import { ruleAsRead } from '../../policy/as-read.ts';
import type { Profile, Rule } from '../../profile/model.ts';
import { firstSign } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { addMember, replaceNode, valueNode } from '../edits.ts';
import { isFragmentary } from '../text/problems.ts';
import { engine } from '../text/words.ts';
import { reachedWhere } from '../values/reach.ts';
import { isMisspelt, isPresent } from './keys.ts';

export const missingAction: Check = {
  code: 'missing-action',
  severity: 'error',
  scope: 'rule',
  summary: 'A rule does not say what its syscalls get.',
  explanation: `A rule without \`action\` has the empty action, which is none: runc refuses to start the container with "string  is not a valid
action for seccomp", crun with a missing field (runc: \`libcontainer/seccomp/config.go\`, measured). A rule that \`includes\`
or \`excludes\` leave out on this host is not looked at, so that the fault shows on other hosts only.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["kexec_load", "bpf"] }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["kexec_load", "bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    if (isFragmentary(context.document)) return;
    const { profile, target } = context;
    for (const rule of context.rules) {
      if (isPresent(rule.view, 'action') || isMisspelt(rule.view, 'action')) continue;
      // Go may have put it together with one that has an action
      if (!isPresent(ruleAsRead(profile, rule, target).view, 'action')) yield finding(context, rule);
    }
  },
};

function finding(context: CheckContext, rule: Rule): Finding {
  const written = valueNode(rule.view, 'action');
  const where = reachedWhere(context, rule);
  const value = `"${complement(context.profile)}"`;
  return {
    span: written ?? firstSign(rule.view.node),
    ...(where && { severity: 'warning' }),
    message: `The rule has no "action", so ${engine(context)} ${where ? `refuses the profile${where}` : 'cannot start a container with it'}. Add what the syscalls get.`,
    fixes: () => [
      {
        title: `Add "action": ${value}`,
        edits: [written ? replaceNode(written, value) : addMember(context.document.text, rule.view, 'action', value)],
        safe: false,
      },
    ],
  };
}

/** What a rule is for beside the profile's default: to deny where the rest is permitted, else to allow. */
function complement(profile: Profile | undefined): string {
  const term = profile?.defaultAction && action(profile.defaultAction.value);
  return term?.permits ? 'SCMP_ACT_ERRNO' : 'SCMP_ACT_ALLOW';
}
