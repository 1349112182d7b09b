import type { MemberView, ObjectView } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { isFragmentary } from '../text/problems.ts';
import { engine, quote } from '../text/words.ts';
import { foreignFormat } from './foreign.ts';
import { guessKey, OBJECT_LABELS, obstacle, renameKey, unknownMembers } from './keys.ts';

export const unknownKey: Check = {
  code: 'unknown-key',
  severity: 'warning',
  scope: 'rule',
  summary: 'The format has no such key; engines skip it in silence.',
  explanation: `No engine complains about a key that it does not know: it skips it, with all that stands under it (Go: \`encoding/json\`;
measured with Docker, Podman, runc and crun). So a misspelt \`names\` makes a rule that is for no syscall, and a misspelt
\`defaultAction\` can switch the whole filter off. Where the key is near to a known one this is an error.

Keys for notes stay silent: \`comment\`, \`description\`, \`license\` and the like, and all that start with \`_\`, \`$\`, \`x-\` or \`//\`.
A text under another unknown key is taken for a note as well and reported as information.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "nmaes": ["kexec_load"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["kexec_load"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    if (isFragmentary(context.document)) return;
    for (const view of context.views) {
      if (view.kind === 'profile' && foreignFormat(view)) continue;
      for (const member of unknownMembers(view)) {
        const finding = findingFor(context, view, member);
        if (finding) yield finding;
      }
    }
  },
};

function findingFor(context: CheckContext, view: ObjectView, unknown: MemberView): Finding | undefined {
  const { key, value } = unknown.member;
  const guess = guessKey(view.kind, key.value);
  if (guess.kind === 'place') return undefined;
  const lost = `${quote(key.value)} is no key of ${OBJECT_LABELS[view.kind]}: ${engine(context)} skips it in silence.`;
  if (guess.kind === 'none')
    return {
      span: key,
      severity: value?.kind === 'string' ? 'information' : 'warning',
      message: `${lost} ${adviceFor(key.value)}`,
    };
  const taken = obstacle(context, view, guess.key);
  return {
    span: key,
    severity: 'error',
    message: `${lost} ${taken ? `"${taken}" is there too; remove one of them.` : `Write "${guess.key}".`}`,
    fixes: () =>
      taken ? [] : [{ title: `Replace with "${guess.key}"`, edits: [renameKey(unknown, guess.key)], safe: false }],
  };
}

function adviceFor(key: string): string {
  return key.toLowerCase() === 'maxkernel'
    ? 'To drop a rule from some kernel on, write "minKernel" in "excludes".'
    : 'Remove it; a note can stand under "comment".';
}
