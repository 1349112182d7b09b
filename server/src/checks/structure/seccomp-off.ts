import { effectiveMember, type ProfileDocument } from '../../profile/model.ts';
import { firstSign, type ObjectNode } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { addFirstMember, replaceNode } from '../edits.ts';
import { isFragmentary } from '../text/problems.ts';
import { engine, readByGo } from '../text/words.ts';
import { complementaryDefault, encloseInProfile } from './enclose.ts';
import { type ForeignFormat, foreignFormat } from './foreign.ts';
import { isMisspelt } from './keys.ts';

export const seccompOff: Check = {
  code: 'seccomp-off',
  severity: 'error',
  scope: 'profile',
  summary: 'With this file the container runs without any filter, or the file is refused.',
  explanation: `A file with neither \`defaultAction\` nor rules means "no seccomp" to Docker, Podman, containerd and runc: the container starts,
and \`/proc/self/status\` shows \`Seccomp: 0\` (moby: \`profiles/seccomp/seccomp_linux.go\`, measured). Not even the engine's
default profile applies then, and nobody is told.

It happens with \`{}\`, with a misspelt \`defaultAction\`, with another format (an OCI configuration, a Kubernetes object), and
most often with a **single rule as the whole file**: its keys are unknown at the top level. A list of rules is refused.`,
  example: {
    bad: `{
  "names": ["keyctl", "add_key"],
  "action": "SCMP_ACT_ERRNO"
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["keyctl", "add_key"],
      "action": "SCMP_ACT_ERRNO"
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { document } = context;
    const { root } = document.tree;
    if (isFragmentary(document)) return;
    if (root?.kind === 'object' && document.shape === 'rule') yield loneRule(context, root);
    else if (root?.kind === 'array' && document.shape === 'rules')
      yield {
        span: firstSign(root),
        message: `This is a list of rules without a profile around it. ${refused(context)} Put it under "syscalls", beside a "defaultAction".`,
        fixes: () => [enclose(context, document)],
      };
    else if (root?.kind === 'object' && hasNothing(context)) yield nothing(context, root);
  },
};

function refused(context: CheckContext): string {
  return readByGo(context)
    ? `${engine(context)} refuses the file.`
    : 'crun takes it for no profile and loads no filter.';
}

function unfiltered(context: CheckContext): string {
  return readByGo(context)
    ? `${engine(context)} finds no "defaultAction" and no rules, so the container runs with no filter at all.`
    : 'crun finds no "defaultAction" and refuses the profile.';
}

function loneRule(context: CheckContext, root: ObjectNode): Finding {
  return {
    span: firstSign(root),
    message: `This is a rule without a profile around it. ${unfiltered(context)} Put the rule under "syscalls".`,
    fixes: () => [enclose(context, context.document)],
  };
}

function enclose({ rules }: CheckContext, document: ProfileDocument): Fix {
  const defaultAction = complementaryDefault(rules);
  return {
    title: `Put it into a profile with "defaultAction": "${defaultAction}"`,
    edits: encloseInProfile(document, document.tree.root!, defaultAction),
    safe: false,
  };
}

/** Neither a default action nor anything under `syscalls`. Values of a wrong type are something where they are refused. */
function hasNothing(context: CheckContext): boolean {
  const { profile } = context;
  if (!profile) return false;
  const action = effectiveMember(profile.view, 'defaultAction')?.member.value;
  const noAction = !action || action.kind === 'null' || (action.kind === 'string' && action.value === '');
  if (!readByGo(context)) return noAction && profile.rules.length === 0;
  const syscalls = effectiveMember(profile.view, 'syscalls')?.member.value;
  return (
    noAction && (!syscalls || syscalls.kind === 'null' || (syscalls.kind === 'array' && syscalls.items.length === 0))
  );
}

function nothing(context: CheckContext, root: ObjectNode): Finding {
  const { view } = context.profile!;
  const foreign = foreignFormat(view);
  const advice = foreign
    ? foreign.advice
    : isMisspelt(view, 'defaultAction')
      ? 'Correct the misspelt key.'
      : 'Add "defaultAction" and rules.';
  return {
    span: firstSign(root),
    message: `${foreign ? `This is ${foreign.label}, not a profile. ` : ''}${unfiltered(context)} ${advice}`,
    fixes: () => (foreign ? extract(context, foreign) : withDefault(context)),
  };
}

function extract({ document }: CheckContext, { inner }: ForeignFormat): readonly Fix[] {
  if (!inner) return [];
  const text = document.text.slice(inner.start, inner.end);
  return [{ title: 'Keep only the profile inside', edits: [replaceNode(document.tree.root!, text)], safe: false }];
}

/** A misspelt key is corrected elsewhere; an empty default gets a value. */
function withDefault({ document, profile }: CheckContext): readonly Fix[] {
  const { view } = profile!;
  const misspelt = isMisspelt(view, 'defaultAction');
  if (misspelt) return [];
  const present = effectiveMember(view, 'defaultAction');
  return ['SCMP_ACT_ALLOW', 'SCMP_ACT_ERRNO'].map((value) => {
    const edits = present?.member.value
      ? [replaceNode(present.member.value, `"${value}"`)]
      : [addFirstMember(document.text, view, 'defaultAction', `"${value}"`)];
    return { title: `Add "defaultAction": "${value}"`, edits, safe: false };
  });
}
