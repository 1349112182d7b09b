import { flag, flags } from '../../catalog/index.ts';
import type { Text } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { engine, loadedByRunc, quote } from '../text/words.ts';
import { didYouMean, guess, type Vocabulary, withGuesses } from './guesses.ts';

export const unknownFlag: Check = {
  code: 'unknown-flag',
  severity: 'error',
  scope: 'profile',
  summary: 'The filter flag does not exist, or is younger than most runtimes.',
  explanation: `runc from 1.2 on and crun refuse a flag that they do not know: "seccomp flag FOO is not known to runc", "unknown seccomp option"
(measured); runc before 1.2 refuses any flag, and Docker before 23 skips the key. \`SECCOMP_FILTER_FLAG_NEW_LISTENER\` is not for
profiles: the runtime sets it itself where an action is \`SCMP_ACT_NOTIFY\`.

\`SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\` is known to crun, and to runc only from 1.5 on: with the releases
before, which are the common ones, the container does not start.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "flags": ["SECCOMP_FLAG_LOG"],
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "flags": ["SECCOMP_FILTER_FLAG_LOG"],
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const text of context.profile?.flags ?? []) {
      if (!text.node.closed) continue;
      const known = flag(text.value);
      if (!known) yield unknown(context, text);
      else if (loadedByRunc(context) && known.runc !== OLDEST)
        yield {
          span: text.node,
          message: `runc knows ${known.name} from ${known.runc.replace(/\.0$/, '')} on; with an older one ${engine(context)} refuses the profile.`,
        };
    }
  },
};

/** The release that brought flags to runc at all. */
const OLDEST = '1.2.0';

const NAMES = flags().map((term) => term.name.slice('SECCOMP_FILTER_FLAG_'.length));

const VOCABULARY: Vocabulary = {
  terms: flags().map((term) => term.name),
  prefix: 'SECCOMP_FILTER_FLAG_',
  exactSynonyms: true,
  synonyms: Object.fromEntries(
    NAMES.flatMap((name) =>
      [`SECCOMP_FLAG_${name}`, `FILTER_FLAG_${name}`, `FLAG_${name}`, `SCMP_FLTATR_CTL_${name}`].map((word) => [
        word,
        name,
      ]),
    ),
  ),
};

function unknown(context: CheckContext, text: Text): Finding {
  const guesses = guess(text.value, VOCABULARY);
  return {
    span: text.node,
    message: `${quote(text.value)} is no filter flag: ${engine(context)} refuses the profile. ${didYouMean(guesses, 'Remove it.')}`,
    ...withGuesses(text, guesses),
  };
}
