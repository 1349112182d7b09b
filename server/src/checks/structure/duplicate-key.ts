import { membersAsRead } from '../../policy/as-read.ts';
import { dialectOf } from '../../policy/target.ts';
import type { MemberView, ObjectView } from '../../profile/model.ts';
import type { KeySpec } from '../../profile/schema.ts';
import type { Member } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { removeMembers } from '../edits.ts';
import { readByGo } from '../text/words.ts';

export const duplicateKey: Check = {
  code: 'duplicate-key',
  severity: 'error',
  scope: 'rule',
  summary: 'The same key stands twice in an object.',
  explanation: `Go takes the last value, but not cleanly (\`encoding/json\`, measured): where \`syscalls\` or \`args\` stands twice, the second
array replaces the first **and each of its objects keeps what it does not set itself from the object at the same place
of the first**. So a rule can end up with the \`errnoRet\` or the \`names\` of another. \`includes\` twice is merged. A null
empties a list, an object or an errno, and leaves a text and any other number as it was. Go decodes what is replaced all the
same, and refuses the profile where a value in it is of a wrong type. crun before 1.28 takes the first value instead, later
releases the last, and both mix nothing. Verdicts are those of the target.

Letter case does not matter: to Go \`Names\` and \`names\` are the same key.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const view of context.views)
      if (!view.members.every(({ effective }) => effective)) yield* inObject(context, view);
  },
};

function* inObject(context: CheckContext, view: ObjectView): Iterable<Finding> {
  const members = membersAsRead(view, context.target);
  const winners = new Map(members.filter((m) => m.spec && m.effective).map((m) => [m.spec!, m]));
  for (const [spec, winner] of winners) {
    if (spec.key === 'comment') continue;
    const losers = members.filter((m) => m.spec === spec && !m.effective);
    const isRead = spec.readers.includes(dialectOf(context.target.runtime));
    const isIdle = (loser: MemberView): boolean =>
      !isRead || loser.member.value?.kind === 'null' || sameText(context.document.text, loser, winner);
    // what is put on top of it would show through
    const isMixed = readByGo(context) && 'of' in spec.type && !losers.every(isIdle);
    const nulls = [winner, ...losers].flatMap(({ member }) => (member.value?.kind === 'null' ? member : []));
    for (const loser of losers)
      yield finding(context, view, loser, { winner, nulls, harmless: !isMixed && isIdle(loser) });
  }
}

/** What stands beside a member of the same key. */
interface Rivals {
  readonly winner: MemberView;
  /** All that are null. */
  readonly nulls: readonly Member[];
  /** Whether it makes no difference that the member is there. */
  readonly harmless: boolean;
}

function finding(
  context: CheckContext,
  view: ObjectView,
  { member, spec }: MemberView,
  { winner, nulls, harmless }: Rivals,
): Finding {
  const { text } = context.document;
  const isEmptied = winner.member.value?.kind === 'null';
  const remove = (title: string, ...removed: readonly Member[]): Fix => ({
    title,
    edits: removeMembers(text, view, removed),
    safe: harmless,
  });
  return {
    span: member.key,
    severity: harmless ? 'warning' : 'error',
    message: `"${spec!.key}" stands twice in this object. ${harmless ? 'It changes nothing here.' : outcome(context, spec!, isEmptied)} Keep one of them.`,
    tag: 'unnecessary',
    related: [{ span: winner.member.key, message: 'The one that counts' }],
    fixes: () => [
      ...(isEmptied && !harmless
        ? [remove(`Remove ${nulls.length > 1 ? 'every' : 'the'} "${spec!.key}" that is null`, ...nulls)]
        : []),
      remove(`Remove this "${member.key.value}"`, member),
    ],
  };
}

function outcome(context: CheckContext, { type }: KeySpec, isEmptied: boolean): string {
  if (!readByGo(context))
    return isEmptied ? 'crun takes the null.' : 'crun takes the last value, releases before 1.28 the first.';
  if (isEmptied)
    return type.kind === 'object'
      ? 'To Docker the null empties it again, to Podman and Docker before 23 it does not.'
      : 'The null empties it again.';
  return 'of' in type
    ? 'Go takes the last one, but fills what its objects leave out from the objects of this one.'
    : 'Go takes the last value.';
}

function sameText(text: string, a: MemberView, b: MemberView): boolean {
  const [left, right] = [a, b].map(({ member }) => member.value && text.slice(member.value.start, member.value.end));
  return left !== undefined && left === right;
}
