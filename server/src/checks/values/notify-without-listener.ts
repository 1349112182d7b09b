import { effectiveMember } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { engine, loadedByRunc } from '../text/words.ts';
import { notifyingRules } from './notify.ts';

export const notifyWithoutListener: Check = {
  code: 'notify-without-listener',
  severity: 'error',
  scope: 'rule',
  summary: 'A rule asks an agent, but the profile names none in `listenerPath`.',
  explanation: `\`SCMP_ACT_NOTIFY\` leaves the call to an agent behind the socket \`listenerPath\`. Without that key runc refuses to start the
container: "seccomp listenerPath is not set" (runc: \`libcontainer/specconv/spec_linux.go\`, measured). crun and Podman start
it, and **every such call fails with ENOSYS**, since nobody answers; there it is a warning. Docker before 23 skips the key, so
that the action never works there.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["mount"], "action": "SCMP_ACT_NOTIFY" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "listenerPath": "/run/seccomp-agent.sock",
  "syscalls": [{ "names": ["mount"], "action": "SCMP_ACT_NOTIFY" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const view = context.profile?.view;
    if (!view) return;
    const path = effectiveMember(view, 'listenerPath')?.member.value;
    if (path && path.kind !== 'null' && !(path.kind === 'string' && path.value === '')) return;
    const refused = loadedByRunc(context);
    for (const rule of notifyingRules(context)) {
      yield {
        span: rule.action!.node,
        ...(!refused && { severity: 'warning' }),
        message: refused
          ? `SCMP_ACT_NOTIFY needs an agent: without "listenerPath" ${engine(context)} refuses the profile. Add the path of the agent's socket.`
          : `Without "listenerPath" no agent answers, and these calls fail with ENOSYS. Add the path of the agent's socket.`,
      };
    }
  },
};
