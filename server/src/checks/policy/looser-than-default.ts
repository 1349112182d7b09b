import { dangerOf } from '../../catalog/index.ts';
import { permits } from '../../policy/resolve.ts';
import { againstDefault, changedNames } from '../../policy/summary.ts';
import { effectiveMember } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { quoteNames } from './names.ts';

export const looserThanDefault: Check = {
  code: 'looser-than-default',
  severity: 'information',
  scope: 'profile',
  summary: "A deny-list replaces the engine's default profile, so it allows what that one denies.",
  explanation: `A profile given with \`--security-opt seccomp=FILE\` is used **instead of** the built-in one, not on top of it
(moby: \`daemon/seccomp_linux.go\`). A short deny-list therefore usually makes a container less safe than no profile at all: everything
that it does not name is allowed, including what the default profile denies. Start from the default profile and take away from it,
or deny those calls as well. Counted are the calls of the native architecture that the default would stop for the target's
capabilities, some of them for some arguments only.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["mkdir", "mkdirat", "io_uring_setup"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{ "names": ["read", "write", "exit_group"], "action": "SCMP_ACT_ALLOW" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { policy, profile } = context;
    if (!policy || !profile || policy.resolved.unconfined || !permits(policy.resolved.default!)) return;
    const looser = changedNames(againstDefault(policy), 'looser');
    const action = effectiveMember(profile.view, 'defaultAction')?.member.value;
    if (looser.length === 0 || !action) return;
    const worst = looser.filter((name) => dangerOf(name)?.tier === 1);
    yield {
      span: action,
      message: `This profile replaces Docker's default profile and is looser for ${looser.length} syscalls${worst.length > 0 ? `, among them ${quoteNames(worst, 5)}` : ''}.`,
    };
  },
};
