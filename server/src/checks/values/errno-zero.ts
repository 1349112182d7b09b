import { dialectOf } from '../../policy/target.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { replaceNode } from '../edits.ts';
import { type ErrnoPlace, errnoPlaces } from './errno-places.ts';

export const errnoZero: Check = {
  code: 'errno-zero',
  severity: 'warning',
  scope: 'rule',
  summary: 'The errno is 0: the call is skipped and reports success.',
  explanation: `\`SCMP_ACT_ERRNO\` with 0 does not execute the call and returns 0 to the program (\`man 2 seccomp\`, measured): a \`chown\` seems to
have worked, a \`read\` to be at the end of its file, an \`openat\` to have opened descriptor 0. That is rarely meant, and
programs go on with wrong data instead of an error.

To deny, write 1 (EPERM), or 38 (ENOSYS) for a call that the program should replace by an older one.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["mount"], "action": "SCMP_ACT_ERRNO", "errnoRet": 0 }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["mount"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1 }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const byText = dialectOf(context.target.runtime) === 'podman';
    for (const place of errnoPlaces(context)) {
      if (place.action.name !== 'SCMP_ACT_ERRNO') continue;
      if (byText && place.text?.value) {
        if (/^0{1,5}$/.test(place.text.value)) yield finding(place, place.text.node, ['"EPERM"', '"ENOSYS"']);
      } else if (place.number?.value === 0n) yield finding(place, place.number.node, ['1', '38']);
    }
  },
};

const MEANINGS = ['EPERM, not permitted', 'ENOSYS, no such call'];

function finding(place: ErrnoPlace, span: Finding['span'], values: readonly string[]): Finding {
  const subject = place.numberKey === 'errnoRet' ? 'The call is' : 'Every call without a rule is';
  return {
    span,
    message: `With errno 0 there is no error: ${subject.toLowerCase()} skipped and reports success to the program. Write 1 (EPERM) to deny it.`,
    fixes: () =>
      values.map(
        (value, i): Fix => ({
          title: `Replace with ${value} (${MEANINGS[i]})`,
          edits: [replaceNode(span, value)],
          safe: false,
        }),
      ),
  };
}
