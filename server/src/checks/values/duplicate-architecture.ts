import { arrayOf, type ObjectView, type Text } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { removeItems } from '../edits.ts';

export const duplicateArchitecture: Check = {
  code: 'duplicate-architecture',
  severity: 'information',
  scope: 'profile',
  summary: 'An architecture is listed twice.',
  explanation: `The second mention changes nothing (runc: \`libcontainer/seccomp/seccomp_linux.go\`, measured). A second \`archMap\` entry for the
same host does nothing either: the first one that matches is used (moby: \`profiles/seccomp/seccomp_linux.go\`, measured);
that one is a warning, since what it lists is lost.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X86_64"],
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { profile } = context;
    if (!profile) return;
    yield* inList(context, profile.view, 'architectures', profile.architectures);
    for (const entry of profile.archMap) yield* inList(context, entry.view, 'subArchitectures', entry.subArchitectures);
    yield* repeatedEntries(context);
  },
};

function* inList({ document }: CheckContext, view: ObjectView, key: string, texts: readonly Text[]): Iterable<Finding> {
  const first = new Map<string, Text>();
  for (const text of texts) {
    const earlier = first.get(text.value);
    if (!earlier) {
      first.set(text.value, text);
      continue;
    }
    yield {
      span: text.node,
      message: `"${text.value}" is already in the list; the second mention changes nothing.`,
      tag: 'unnecessary',
      related: [{ span: earlier.node, message: 'First mention' }],
      fixes: () => [
        {
          title: `Remove the second "${text.value}"`,
          edits: removeItems(document.text, arrayOf(view, key)!, [text.node]),
          safe: true,
        },
      ],
    };
  }
}

function* repeatedEntries({ document, profile }: CheckContext): Iterable<Finding> {
  const first = new Map<string, Text>();
  for (const { architecture: text, view } of profile!.archMap) {
    if (!text) continue;
    const earlier = first.get(text.value);
    if (!earlier) {
      first.set(text.value, text);
      continue;
    }
    yield {
      span: text.node,
      severity: 'warning',
      message: `"archMap" has an entry for "${text.value}" already, and the first one counts. Merge the two.`,
      tag: 'unnecessary',
      related: [{ span: earlier.node, message: 'The entry that counts' }],
      fixes: () => [
        {
          title: 'Remove this entry',
          edits: removeItems(document.text, arrayOf(profile!.view, 'archMap')!, [view.node]),
          safe: false,
        },
      ],
    };
  }
}
