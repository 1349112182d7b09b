import { ruleNames } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { removeEvery } from '../policy/names.ts';
import { engine, loadedByRunc } from '../text/words.ts';
import { NOTIFY, notifyingRules } from './notify.ts';

export const notifyNotAllowed: Check = {
  code: 'notify-not-allowed',
  severity: 'error',
  scope: 'rule',
  summary: '`SCMP_ACT_NOTIFY` is the default action, or stands for `write`.',
  explanation: `runc sends the agent its descriptor through \`write\` after the filter is loaded; if that call waited for the agent, nobody could
ever answer. So runc refuses both: "SCMP_ACT_NOTIFY cannot be used for the write syscall", "... as default action" (runc:
\`libcontainer/seccomp/seccomp_linux.go\`, measured). crun makes no such check.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "listenerPath": "/run/seccomp-agent.sock",
  "syscalls": [{ "names": ["pwrite64", "write"], "action": "SCMP_ACT_NOTIFY" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "listenerPath": "/run/seccomp-agent.sock",
  "syscalls": [{ "names": ["pwrite64"], "action": "SCMP_ACT_NOTIFY" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    if (!loadedByRunc(context)) return;
    const byDefault = context.profile?.defaultAction;
    if (context.outside && byDefault?.value === NOTIFY)
      yield {
        span: byDefault.node,
        message: `SCMP_ACT_NOTIFY cannot be the default action: ${engine(context)} refuses the profile. Name the calls for the agent in a rule.`,
      };
    for (const rule of notifyingRules(context)) {
      const name = ruleNames(rule).find((text) => text.value === 'write');
      if (!name) continue;
      yield {
        span: name.node,
        message: `SCMP_ACT_NOTIFY cannot be used for "write", which the runtime needs to reach the agent: ${engine(context)} refuses the profile.`,
        fixes: () => [{ title: 'Remove "write"', edits: removeEvery(context, rule, name.value), safe: false }],
      };
    }
  },
};
