import { dialectOf } from '../../policy/target.ts';
import { arrayOf, effectiveMember } from '../../profile/model.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { removeMembers } from '../edits.ts';
import { engine } from '../text/words.ts';

export const architecturesAndArchMap: Check = {
  code: 'architectures-and-arch-map',
  severity: 'error',
  scope: 'profile',
  summary: 'The profile has both `architectures` and `archMap`.',
  explanation: `Docker and Podman take one or the other and refuse a profile with both: "both 'architectures' and 'archMap' are specified in the
seccomp profile" (moby: \`profiles/seccomp/seccomp_linux.go\`, measured). An empty list counts as absent.

\`archMap\` chooses by the host, \`architectures\` is the same everywhere and is what containerd, runc and crun read.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "archMap": [{ "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"] }],
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "archMap": [{ "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"] }],
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const view = context.profile?.view;
    if (!view || dialectOf(context.target.runtime) === 'oci') return;
    const filled = ['architectures', 'archMap'].every((key) => (arrayOf(view, key)?.items.length ?? 0) > 0);
    if (!filled) return;
    const [list, map] = ['architectures', 'archMap'].map((key) => effectiveMember(view, key)!.member);
    const [first, second] = list!.start < map!.start ? [list!, map!] : [map!, list!];
    // an earlier one of the same name would count in place of the one that is gone
    const named = (key: string) => view.members.flatMap(({ spec, member }) => (spec?.key === key ? member : []));
    const remove = (key: string): Fix => ({
      title: `Remove "${key}"`,
      edits: removeMembers(context.document.text, view, named(key)),
      safe: false,
    });
    yield {
      span: second.key,
      message: `"architectures" and "archMap" exclude each other: ${engine(context)} refuses the profile. Remove one of them.`,
      related: [{ span: first.key, message: 'The other one' }],
      fixes: () => [remove('architectures'), remove('archMap')],
    };
  },
};
