import { architecture } from '../../catalog/index.ts';
import { dialectOf } from '../../policy/target.ts';
import { effectiveMember, membersOf, type Profile } from '../../profile/model.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { listText, removeMembers, replaceNode } from '../edits.ts';
import { engine } from '../text/words.ts';
import { isCoverable } from '../values/architectures.ts';

export const archMapIgnored: Check = {
  code: 'arch-map-ignored',
  severity: 'warning',
  scope: 'profile',
  summary: "The target's runtime does not read `archMap`.",
  explanation: `\`archMap\` is Docker's and Podman's addition. containerd, Kubernetes on containerd, runc and crun read \`architectures\` alone
(OCI: \`config-linux.md\`, measured): with \`archMap\` in its place the filter covers only the native architecture, and every
32-bit program in the container is killed at its first call.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "archMap": [{ "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"] }],
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
    runtime: 'containerd',
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { profile, target } = context;
    if (!profile || profile.archMap.length === 0 || dialectOf(target.runtime) !== 'oci') return;
    yield {
      span: effectiveMember(profile.view, 'archMap')!.member.key,
      message: `${engine(context)} does not read "archMap", so the filter covers ${profile.architectures.length > 0 ? 'what "architectures" lists' : 'only the native architecture'}. Write "architectures".`,
      fixes: () => fixes(context, profile),
    };
  },
};

function fixes(context: CheckContext, profile: Profile): readonly Fix[] {
  const { document, target } = context;
  const { member } = effectiveMember(profile.view, 'archMap')!;
  const every = membersOf(profile.view, 'archMap');
  if (profile.architectures.length > 0)
    return [{ title: 'Remove "archMap"', edits: removeMembers(document.text, profile.view, every), safe: true }];
  const entry = profile.archMap.find((candidate) => candidate.architecture?.value === target.architecture);
  if (!entry || effectiveMember(profile.view, 'architectures')) return [];
  const texts = [entry.architecture!, ...entry.subArchitectures];
  // here a wrong name does no harm, in "architectures" the profile would be refused for it
  const known = texts.map(({ value }) => architecture(value));
  if (!known.every((each) => each && isCoverable(context, each))) return [];
  const list = listText(texts.map(({ value }) => value));
  return [
    {
      title: `Replace with "architectures" for ${target.architecture}`,
      edits: [replaceNode(member.key, '"architectures"'), replaceNode(member.value!, list)],
      safe: false,
    },
  ];
}
