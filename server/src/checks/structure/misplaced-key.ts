import { hasTypeThroughout } from '../../profile/decode.ts';
import { effectiveMember, type MemberView, type ObjectView } from '../../profile/model.ts';
import { keySpec, type ObjectKind } from '../../profile/schema.ts';
import type { Member } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { replaceNode } from '../edits.ts';
import { isFragmentary } from '../text/problems.ts';
import { engine } from '../text/words.ts';
import { foreignFormat } from './foreign.ts';
import { guessKey, OBJECT_LABELS, renameKey, unknownMembers } from './keys.ts';

export const misplacedKey: Check = {
  code: 'misplaced-key',
  severity: 'error',
  scope: 'rule',
  summary: 'The key belongs to another object of the profile; here engines skip it.',
  explanation: `A key counts only in its own object. \`errnoRet\` at the top level, \`caps\` directly in a rule, or \`index\` beside \`action\` are
skipped in silence (Go: \`encoding/json\`, measured), so the rule applies to more, or with another errno, than was meant.

At the top level the default has keys of its own: \`defaultAction\`, \`defaultErrnoRet\`.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO", "caps": ["CAP_BPF"] }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO", "includes": { "caps": ["CAP_BPF"] } }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    if (isFragmentary(context.document)) return;
    for (const view of context.views) {
      if (view.kind === 'profile' && foreignFormat(view)) continue;
      for (const unknown of unknownMembers(view)) {
        const guess = guessKey(view.kind, unknown.member.key.value);
        if (guess.kind === 'place') yield finding(context, view, unknown, guess.homes);
      }
    }
  },
};

/** Keys of rules that the profile has under another name, for the calls that no rule is for. */
const DEFAULTS: Readonly<Record<string, string>> = {
  action: 'defaultAction',
  errnoret: 'defaultErrnoRet',
  errno: 'defaultErrno',
};

function finding(context: CheckContext, view: ObjectView, unknown: MemberView, homes: readonly ObjectKind[]): Finding {
  const { key } = unknown.member;
  const places = homes.map((kind) => OBJECT_LABELS[kind]).join(' or ');
  const byDefault = view.kind === 'profile' ? DEFAULTS[key.value.toLowerCase()] : undefined;
  const advice = byDefault ? `; at the top level the key is "${byDefault}"` : '';
  return {
    span: key,
    message: `"${key.value}" belongs in ${places}, not in ${OBJECT_LABELS[view.kind]}: ${engine(context)} skips it here in silence${advice}.`,
    fixes: () => [...renamed(view, unknown, byDefault), ...wrapped(context, view, unknown, homes)],
  };
}

function renamed(view: ObjectView, unknown: MemberView, key: string | undefined): readonly Fix[] {
  if (!key || effectiveMember(view, key)) return [];
  return [{ title: `Replace with "${key}"`, edits: [renameKey(unknown, key)], safe: false }];
}

/** A condition of `includes` that stands in the rule itself gets its object. */
function wrapped(
  { document }: CheckContext,
  view: ObjectView,
  { member }: MemberView,
  homes: readonly ObjectKind[],
): readonly Fix[] {
  if (view.kind !== 'rule' || !homes.includes('filter') || !isFor('filter', member)) return [];
  const text = document.text.slice(member.start, member.end);
  return (['includes', 'excludes'] as const)
    .filter((key) => !effectiveMember(view, key))
    .map((key) => ({
      title: `Put it into "${key}"`,
      edits: [replaceNode(member, `${JSON.stringify(key)}: { ${text} }`)],
      safe: false,
    }));
}

/** Whether such an object takes the key with this value. */
function isFor(kind: ObjectKind, { key, value }: Member): boolean {
  const spec = keySpec(kind, key.value);
  return spec !== undefined && value !== undefined && hasTypeThroughout(spec.type, value);
}
