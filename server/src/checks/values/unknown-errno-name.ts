import { errnoByName, errnos } from '../../catalog/index.ts';
import { dialectOf } from '../../policy/target.ts';
import type { Text } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { engine, quote } from '../text/words.ts';
import { didYouMean, guess, withGuesses } from './guesses.ts';

export const unknownErrnoName: Check = {
  code: 'unknown-errno-name',
  severity: 'error',
  scope: 'rule',
  summary: 'The errno by name does not exist.',
  explanation: `Podman and CRI-O read \`errno\` and \`defaultErrno\`: a name such as \`ENOSYS\`, in capitals, or a number as text. They refuse a profile
with another: "unknown errno EFOO" (containers: \`common/pkg/seccomp\`, measured). Other engines do not read these keys.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO", "errno": "enosys" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO", "errno": "ENOSYS" }]
}`,
    runtime: 'podman',
  },
  *find(context: CheckContext): Iterable<Finding> {
    if (dialectOf(context.target.runtime) !== 'podman') return;
    const { profile, rules, outside } = context;
    if (outside && profile?.defaultErrno) yield* inText(context, profile.defaultErrno);
    for (const { errno } of rules) if (errno) yield* inText(context, errno);
  },
};

function* inText(context: CheckContext, text: Text): Iterable<Finding> {
  const { value, node } = text;
  if (value === '' || /^\d+$/.test(value) || errnoByName(value) || !node.closed) return;
  const guesses = guess(value, { terms: errnos().map((term) => term.name), prefix: 'E' });
  yield {
    span: node,
    message: `${quote(value)} is no errno: ${engine(context)} refuses the profile. ${didYouMean(guesses, 'Write one such as "ENOSYS".')}`,
    ...withGuesses(text, guesses),
  };
}
