import type { Check, CheckContext, Finding } from '../check.ts';
import { problemsOf } from './problems.ts';
import { engine } from './words.ts';

export const byteOrderMark: Check = {
  code: 'byte-order-mark',
  severity: 'error',
  scope: 'profile',
  summary: 'The file starts with a byte order mark.',
  explanation: `Some editors on Windows write U+FEFF in front of UTF-8 text. Go's JSON reader takes it for a stray character: "invalid
character ... looking for beginning of value" (measured with Docker 20.10 and 28). Save the file as UTF-8 without it.`,
  example: {
    bad: '\uFEFF{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }] }',
    good: '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }] }',
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const span of problemsOf(context.document, 'byte-order-mark')) {
      yield {
        span,
        message: `An invisible byte order mark precedes the profile. ${engine(context)} refuses the file; save it as UTF-8 without one.`,
        fixes: () => [
          { title: 'Remove the byte order mark', edits: [{ start: 0, end: span.end, text: '' }], safe: true },
        ],
      };
    }
  },
};
