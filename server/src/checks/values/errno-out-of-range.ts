import { LARGEST_ERRNO } from '../../policy/resolve.ts';
import { dialectOf } from '../../policy/target.ts';
import { errnoLabel } from '../../policy/words.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { replaceNode } from '../edits.ts';
import { engine, loadedByRunc } from '../text/words.ts';
import { type ErrnoPlace, errnoPlaces } from './errno-places.ts';

export const errnoOutOfRange: Check = {
  code: 'errno-out-of-range',
  severity: 'error',
  scope: 'rule',
  summary: 'The errno is too large: it is refused, or cut to another one.',
  explanation: `Of the number 16 bits are kept (libseccomp: \`SCMP_ACT_ERRNO(x)\`), and what is left must be at most 4094 (libseccomp:
\`src/system.c\`). Otherwise the container does not start, and runc's message misleads: "error adding seccomp filter rule for
syscall ...: two checks on same syscall argument", for the default "could not create filter" (measured).

So 65541 is 5, EIO, and 65536 is 0, a call that seems to succeed. From 2³² on crun refuses the number.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO", "errnoRet": 65574 }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38 }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const byText = dialectOf(context.target.runtime) === 'podman';
    for (const place of errnoPlaces(context)) {
      const counts = place.action.takesErrno && place.number && !(byText && place.text?.value);
      const finding = counts ? findingFor(context, place) : undefined;
      if (finding) yield finding;
    }
  },
};

const MOST = BigInt(LARGEST_ERRNO);

function findingFor(context: CheckContext, place: ErrnoPlace): Finding | undefined {
  const { value, node } = place.number!;
  const kept = value & 0xffffn;
  const traced = place.action.name === 'SCMP_ACT_TRACE';
  if (kept > MOST && !traced)
    return {
      span: node,
      ...(place.where && { severity: 'warning' }),
      message: `An errno can be ${LARGEST_ERRNO} at most, not ${value}${kept === value ? '' : ` (16 bits are kept: ${kept})`}: ${engine(context)} refuses the profile${place.where ?? ''}.`,
    };
  return kept === value ? undefined : truncated(context, place, kept, traced);
}

function truncated(context: CheckContext, place: ErrnoPlace, kept: bigint, traced: boolean): Finding {
  const { value, node } = place.number!;
  const refused = !loadedByRunc(context) && value >= 2n ** 32n;
  return {
    span: node,
    severity: refused && !place.where ? 'error' : 'warning',
    message: refused
      ? `${value} does not fit into 32 bits: ${engine(context)} refuses the profile. Write the errno that is meant.`
      : `Only 16 bits of ${value} are kept: it is ${kept}${traced ? '' : kept === 0n ? ', no error at all' : `, ${errnoLabel(Number(kept))}`}. Write the number that is meant.`,
    fixes: () => [
      {
        title: `Replace with ${kept}, its lowest 16 bits`,
        edits: [replaceNode(node, String(kept))],
        safe: !refused,
      },
    ],
  };
}
