import { action, actions } from '../../catalog/index.ts';
import type { Text } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { isFragmentary } from '../text/problems.ts';
import { engine, quote } from '../text/words.ts';
import { didYouMean, guess, uncertain, type Vocabulary, withGuesses } from './guesses.ts';
import { NOTIFY } from './notify.ts';
import { reachedWhere } from './reach.ts';

export const unknownAction: Check = {
  code: 'unknown-action',
  severity: 'error',
  scope: 'rule',
  summary: 'The action does not exist.',
  explanation: `The nine actions are compared to the letter, with case and blanks: "string scmp_act_errno is not a valid action for seccomp"
(runc: \`libcontainer/seccomp/config.go\`), "seccomp get action" (crun), both when the container starts (measured).

There is no \`SCMP_ACT_DENY\`: to deny a call with an error is \`SCMP_ACT_ERRNO\`. In a rule that \`includes\` or \`excludes\`
leave out on this host nobody looks at the action, so the fault shows on other hosts only; there it is a warning.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["kexec_load"], "action": "SCMP_ACT_DENY" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["kexec_load"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    if (isFragmentary(context.document)) return;
    const { profile } = context;
    const byDefault = context.outside ? profile?.defaultAction : undefined;
    // an empty default without rules means no filter at all and is told of as that
    if (byDefault && (byDefault.value !== '' || profile!.rules.length > 0))
      yield* inText(context, byDefault, undefined);
    for (const rule of context.rules) if (rule.action) yield* inText(context, rule.action, reachedWhere(context, rule));
  },
};

const VOCABULARY: Vocabulary = {
  terms: actions().map((term) => term.name),
  prefix: 'SCMP_ACT_',
  synonyms: {
    DENY: 'ERRNO',
    BLOCK: 'ERRNO',
    REJECT: 'ERRNO',
    FORBID: 'ERRNO',
    EPERM: 'ERRNO',
    ERROR: 'ERRNO',
    SCMP_ALLOW: 'ALLOW',
    SCMP_ERRNO: 'ERRNO',
    PERMIT: 'ALLOW',
    ACCEPT: 'ALLOW',
    AUDIT: 'LOG',
    KILLPROCESS: 'KILL_PROCESS',
    KILLTHREAD: 'KILL_THREAD',
    USER_NOTIF: 'NOTIFY',
    SECCOMP_RET_ALLOW: 'ALLOW',
    SECCOMP_RET_ERRNO: 'ERRNO',
    SECCOMP_RET_LOG: 'LOG',
    SECCOMP_RET_TRAP: 'TRAP',
    SECCOMP_RET_TRACE: 'TRACE',
    SECCOMP_RET_KILL: 'KILL_THREAD',
    SECCOMP_RET_KILL_THREAD: 'KILL_THREAD',
    SECCOMP_RET_KILL_PROCESS: 'KILL_PROCESS',
    SECCOMP_RET_USER_NOTIF: 'NOTIFY',
  },
};

function* inText(context: CheckContext, text: Text, where: string | undefined): Iterable<Finding> {
  if (action(text.value) || !text.node.closed) return;
  // engines refuse it without an agent, and in some places with one
  const guesses = guess(text.value, VOCABULARY).map((each) => (each.value === NOTIFY ? uncertain(each) : each));
  yield {
    span: text.node,
    ...(where && { severity: 'warning' }),
    message: `${quote(text.value)} is no action: ${engine(context)} refuses the profile${where ?? ''}. ${didYouMean(guesses, 'Write one such as "SCMP_ACT_ERRNO".')}`,
    ...withGuesses(text, guesses),
  };
}
