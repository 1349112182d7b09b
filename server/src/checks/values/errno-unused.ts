import { dialectOf } from '../../policy/target.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { removeMembers } from '../edits.ts';
import { engine, loadedByRunc } from '../text/words.ts';
import { type ErrnoPlace, errnoPlaces, memberOf } from './errno-places.ts';

export const errnoUnused: Check = {
  code: 'errno-unused',
  severity: 'information',
  scope: 'rule',
  summary: 'An errno stands beside an action that returns none.',
  explanation: `Only \`SCMP_ACT_ERRNO\` returns an errno (\`SCMP_ACT_TRACE\` hands the number to the tracer). runc skips the key beside other
actions; crun refuses the profile: "errno value specified for action \`SCMP_ACT_KILL\`" (crun: \`seccomp.c\`, measured), so a
profile that runs in Docker does not run in Podman or CRI-O. There it is an error.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ALLOW", "errnoRet": 1 }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ALLOW" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const texts = dialectOf(context.target.runtime) === 'podman';
    for (const place of errnoPlaces(context)) {
      if (place.action.takesErrno) continue;
      if (place.number) yield finding(context, place, place.numberKey);
      if (texts && place.text?.value) yield finding(context, place, place.textKey);
    }
  },
};

function finding(context: CheckContext, place: ErrnoPlace, key: string): Finding {
  const refused = !loadedByRunc(context);
  const { member } = memberOf(place, key)!;
  return {
    span: member.key,
    ...(refused && { severity: place.where ? 'warning' : 'error' }),
    message: refused
      ? `${place.action.name} returns no errno: ${engine(context)} refuses "${key}" beside it. Remove the key.`
      : `${place.action.name} returns no errno, so "${key}" has no effect; crun and Podman refuse it. Remove the key.`,
    tag: 'unnecessary',
    fixes: () => [
      { title: `Remove "${key}"`, edits: removeMembers(context.document.text, place.view, [member]), safe: true },
    ],
  };
}
