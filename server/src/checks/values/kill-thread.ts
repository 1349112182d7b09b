import type { Check, CheckContext, Finding } from '../check.ts';
import { replaceNode } from '../edits.ts';

export const killThread: Check = {
  code: 'kill-thread',
  severity: 'information',
  scope: 'rule',
  summary: '`SCMP_ACT_KILL` ends one thread, not the process.',
  explanation: `\`SCMP_ACT_KILL\` is the old name of \`SCMP_ACT_KILL_THREAD\`: only the thread that made the call ends (\`man 2 seccomp\`). A
program with several threads goes on without it and often waits for it forever; a runtime written in Go can hang in the same
way while it starts the container (measured with runc). \`SCMP_ACT_KILL_PROCESS\` ends the program as a whole.

\`SCMP_ACT_KILL_THREAD\` says what it does and is not reported.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["kexec_load"], "action": "SCMP_ACT_KILL" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["kexec_load"], "action": "SCMP_ACT_KILL_PROCESS" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const byDefault = context.outside ? context.profile?.defaultAction : undefined;
    for (const text of [byDefault, ...context.rules.map((rule) => rule.action)]) {
      if (text?.value !== 'SCMP_ACT_KILL') continue;
      yield {
        span: text.node,
        message:
          'SCMP_ACT_KILL ends only the thread, and a program with several may hang. To end the process, write SCMP_ACT_KILL_PROCESS.',
        fixes: () => [
          {
            title: 'Replace with "SCMP_ACT_KILL_PROCESS"',
            edits: [replaceNode(text.node, '"SCMP_ACT_KILL_PROCESS"')],
            safe: false,
          },
        ],
      };
    }
  },
};
