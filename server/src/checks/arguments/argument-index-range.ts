import { runtimeLabel } from '../../policy/target.ts';
import type { Check, CheckContext, Finding } from '../check.ts';

export const argumentIndexRange: Check = {
  code: 'argument-index-range',
  severity: 'error',
  scope: 'rule',
  summary: 'A condition looks at an argument beyond the sixth.',
  explanation: `A syscall has six arguments at most, counted from 0, so \`index\` goes from 0 to 5. runc and crun refuse any other
number when the container starts (runc: \`libcontainer/seccomp/seccomp_linux.go\`, measured: "syscalls only have up to 6 arguments").

Whoever counts from one writes 6 for the last argument and is off by one for all the others: check them too.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["mmap"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 6, "value": 0, "op": "SCMP_CMP_NE" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["mmap"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 5, "value": 0, "op": "SCMP_CMP_NE" }]
    }
  ]
}`,
  },
  *find({ rules, target }: CheckContext): Iterable<Finding> {
    for (const { index } of rules.flatMap((rule) => rule.conditions)) {
      if (!index || index.value <= 5n) continue;
      yield {
        span: index.node,
        message: `There is no argument ${index.value}: a syscall has at most six, 0 to 5. ${runtimeLabel(target.runtime)} refuses the profile when the container starts. Count from 0.`,
      };
    }
  },
};
