import type { MemberView, ObjectView } from '../../profile/model.ts';
import type { KeySpec } from '../../profile/schema.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { removeMembers } from '../edits.ts';

export const duplicateKey: Check = {
  code: 'duplicate-key',
  severity: 'error',
  scope: 'rule',
  summary: 'The same key stands twice in an object.',
  explanation: `Go takes the last value, but not cleanly (\`encoding/json\`, measured): where \`syscalls\` or \`args\` stands twice, the second
array replaces the first **and each of its objects keeps what it does not set itself from the object at the same place
of the first**. So a rule can end up with the \`errnoRet\` or the \`names\` of another. \`includes\` twice is merged. A null
leaves the earlier value. Older crun releases take the first value instead. Go decodes what is
replaced all the same, and refuses the profile where a value in it is of a wrong type.

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
  const winners = new Map(view.members.filter((m) => m.spec && m.effective).map((m) => [m.spec!, m]));
  for (const shown of view.members) {
    const winner = shown.spec && winners.get(shown.spec);
    if (!winner || shown.effective || shown.spec.key === 'comment') continue;
    yield finding(context, view, shown, winner, shown.spec);
  }
}

function finding(
  { document }: CheckContext,
  view: ObjectView,
  loser: MemberView,
  winner: MemberView,
  spec: KeySpec,
): Finding {
  const { member } = loser;
  const harmless = member.value?.kind === 'null' || sameText(document.text, loser, winner);
  const merges = !harmless && (spec.type.kind === 'object' || spec.type.kind === 'objects');
  return {
    span: member.key,
    severity: harmless ? 'warning' : 'error',
    message: `"${spec.key}" stands twice in this object. ${outcome(harmless, merges)} Keep one of them.`,
    tag: 'unnecessary',
    related: [{ span: winner.member.key, message: 'The one that counts' }],
    fixes: () => [
      {
        title: `Remove this "${member.key.value}"`,
        edits: removeMembers(document.text, view, [member]),
        safe: harmless,
      },
    ],
  };
}

function outcome(harmless: boolean, merges: boolean): string {
  if (harmless) return 'It changes nothing here.';
  return merges
    ? 'Go takes the last one, but fills what its objects leave out from the objects of this one.'
    : 'Go takes the last value, older crun releases the first.';
}

function sameText(text: string, a: MemberView, b: MemberView): boolean {
  const [left, right] = [a, b].map(({ member }) => member.value && text.slice(member.value.start, member.value.end));
  return left !== undefined && left === right;
}
