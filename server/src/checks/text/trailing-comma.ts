import type { Check, CheckContext, Finding } from '../check.ts';
import { problemsOf } from './problems.ts';
import { engine } from './words.ts';

export const trailingComma: Check = {
  code: 'trailing-comma',
  severity: 'error',
  scope: 'profile',
  summary: 'A comma stands behind the last value of a list or an object.',
  explanation: `Other languages allow a comma after the last value, JSON does not (RFC 8259). Docker, Podman, containerd and runc refuse the
file (Go: \`encoding/json\`, measured); of the crun releases tried, the older one refuses it and the newer one lets it pass.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf", "userfaultfd",], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf", "userfaultfd"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const span of problemsOf(context.document, 'trailing-comma')) {
      // a comment right behind would be taken for a part of what is in front
      const gap = context.document.text[span.end] === '/' ? ' ' : '';
      yield {
        span,
        message: `Nothing follows this comma. ${engine(context)} refuses the file; remove it.`,
        fixes: () => [
          { title: 'Remove the comma', edits: [{ start: span.start, end: span.end, text: gap }], safe: true },
        ],
      };
    }
  },
};
