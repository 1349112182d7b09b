import type { Check, CheckContext, Finding } from '../check.ts';
import { removeSpan } from './layout.ts';
import { problemsOf } from './problems.ts';
import { engine } from './words.ts';

export const extraComma: Check = {
  code: 'extra-comma',
  severity: 'error',
  scope: 'profile',
  summary: 'A comma has no value in front of it.',
  explanation: `A second comma in a row, or one right behind an opening bracket, separates nothing; JSON has no empty items (RFC 8259).
Every engine refuses the file (Go: \`encoding/json\`). It is usually left over from a deleted line.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf",, "userfaultfd"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf", "userfaultfd"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const span of problemsOf(context.document, 'extra-comma')) {
      yield {
        span,
        message: `This comma has no value in front of it. ${engine(context)} refuses the file; remove it.`,
        fixes: () => [{ title: 'Remove the comma', edits: [removeSpan(context.document.text, span)], safe: true }],
      };
    }
  },
};
