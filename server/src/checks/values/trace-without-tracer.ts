import type { Check, CheckContext, Finding } from '../check.ts';
import { reaches } from './reach.ts';

export const traceWithoutTracer: Check = {
  code: 'trace-without-tracer',
  severity: 'information',
  scope: 'rule',
  summary: 'Without a tracer `SCMP_ACT_TRACE` makes the call fail with ENOSYS.',
  explanation: `\`SCMP_ACT_TRACE\` stops the thread for a ptrace tracer. A container has none unless one is started on purpose, and then the call
is not executed and fails with ENOSYS (\`man 2 seccomp\`, measured). It does not log: that is \`SCMP_ACT_LOG\`, which executes the
call and writes it to the kernel's audit log.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["mount"], "action": "SCMP_ACT_TRACE" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["mount"], "action": "SCMP_ACT_LOG" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const byDefault = context.outside ? context.profile?.defaultAction : undefined;
    const ofRules = context.rules.flatMap((rule) => (rule.action && reaches(context, rule) ? [rule.action] : []));
    for (const text of byDefault ? [byDefault, ...ofRules] : ofRules) {
      if (text.value !== 'SCMP_ACT_TRACE') continue;
      yield {
        span: text.node,
        message:
          'Without a tracer the call fails with ENOSYS and leaves no trace. To record calls and execute them, write SCMP_ACT_LOG.',
        fixes: () => [
          {
            title: 'Replace with "SCMP_ACT_LOG"',
            edits: [{ start: text.node.start, end: text.node.end, text: '"SCMP_ACT_LOG"' }],
            safe: false,
          },
        ],
      };
    }
  },
};
