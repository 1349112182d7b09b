import { firstSign } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { addFirstMember, replaceNode, valueNode } from '../edits.ts';
import { isFragmentary } from '../text/problems.ts';
import { engine } from '../text/words.ts';
import { complementaryDefault } from './enclose.ts';
import { isMisspelt, isPresent } from './keys.ts';

export const missingDefaultAction: Check = {
  code: 'missing-default-action',
  severity: 'error',
  scope: 'profile',
  summary: 'The profile has rules but no `defaultAction`.',
  explanation: `Without \`defaultAction\` nothing says what happens to the syscalls that no rule is for. runc refuses to start the container:
"string  is not a valid action for seccomp", with the empty text between two blanks; crun refuses it too (runc:
\`libcontainer/seccomp/config.go\`, measured).

With no rules either, Docker and Podman start the container without any filter: see \`seccomp-off\`.`,
  example: {
    bad: `{
  "syscalls": [{ "names": ["kexec_load", "bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["kexec_load", "bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { document, profile, rules } = context;
    if (!profile || rules.length === 0 || isFragmentary(document)) return;
    const { view } = profile;
    if (isPresent(view, 'defaultAction') || isMisspelt(view, 'defaultAction') || isMisplaced(view.members)) return;
    const value = `"${complementaryDefault(rules)}"`;
    const written = valueNode(view, 'defaultAction');
    yield {
      span: written ?? firstSign(view.node),
      message: `The profile has no "defaultAction", so ${engine(context)} cannot start a container with it. Add what syscalls get that no rule is for.`,
      fixes: () => [
        {
          title: `Add "defaultAction": ${value}`,
          edits: [written ? replaceNode(written, value) : addFirstMember(document.text, view, 'defaultAction', value)],
          safe: false,
        },
      ],
    };
  },
};

/** `action` at the top level is told of as a misplaced key. */
function isMisplaced(members: readonly { readonly member: { readonly key: { readonly value: string } } }[]): boolean {
  return members.some(({ member }) => member.key.value.toLowerCase() === 'action');
}
