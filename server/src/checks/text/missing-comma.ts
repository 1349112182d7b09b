import type { Check, CheckContext, Finding } from '../check.ts';
import { problemsOf } from './problems.ts';
import { engine } from './words.ts';

export const missingComma: Check = {
  code: 'missing-comma',
  severity: 'error',
  scope: 'profile',
  summary: 'Two values stand side by side without a comma.',
  explanation: `JSON wants a comma between two members or items (RFC 8259). Docker's client refuses the file before the daemon sees it:
"compacting json for seccomp profile (...) failed: invalid character ... after object key:value pair" (docker CLI:
\`cli/command/container/opts.go\`, measured). The other engines refuse it too.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW"
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const { start } of problemsOf(context.document, 'missing-comma')) {
      yield {
        span: { start: start - 1, end: start },
        message: `A comma is missing here. ${engine(context)} refuses the file.`,
        fixes: () => [{ title: 'Insert a comma', edits: [{ start, end: start, text: ',' }], safe: true }],
      };
    }
  },
};
