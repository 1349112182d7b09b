import { architecture } from '../../catalog/index.ts';
import { dialectOf } from '../../policy/target.ts';
import { arrayOf, effectiveMember, type ObjectView, type Profile } from '../../profile/model.ts';
import type { ArrayNode, Node } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { addMember, appendItems } from '../edits.ts';

export const missingArchitecture: Check = {
  code: 'missing-architecture',
  severity: 'information',
  scope: 'profile',
  summary: '32-bit programs are killed, since the filter does not cover their architecture.',
  explanation: `A call through an architecture that the filter does not cover kills the thread, whatever the default action says:
that is libseccomp's action for a bad architecture (libseccomp: \`src/db.c\`, measured: even a profile that only says
\`SCMP_ACT_ALLOW\` kills every 32-bit call). On x86-64 the companions are \`SCMP_ARCH_X86\` and \`SCMP_ARCH_X32\`, on aarch64
\`SCMP_ARCH_ARM\`. Leaving them out is a sound choice where no 32-bit program runs, and a surprise otherwise. If you add them, the
syscalls that only they have (\`chown32\`, \`mmap2\`, \`socketcall\`) need rules too.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { profile } = context;
    if (!profile) return;
    for (const { host, listed, place, entry } of listings(context, profile)) {
      const missing = architecture(host)?.companions.filter((name) => !listed.includes(name)) ?? [];
      if (missing.length === 0) continue;
      yield {
        span: place,
        message: `Programs for ${missing.map((name) => name.replace('SCMP_ARCH_', '')).join(' and ')} are killed at their first syscall: ${host} hosts can run them, but the filter does not cover ${missing.join(' and ')}.`,
        fixes: () => addArchitectures(context, entry, missing),
      };
    }
  },
};

interface Listing {
  readonly host: string;
  readonly listed: readonly string[];
  readonly place: Node;
  /** Of `archMap`; absent for `architectures`. */
  readonly entry?: ObjectView;
}

/** Each list of architectures that covers a 64-bit host but not its companions. */
function* listings(context: CheckContext, profile: Profile): Iterable<Listing> {
  const listed = profile.architectures.map((text) => text.value);
  const array = arrayOf(profile.view, 'architectures');
  if (array && listed.includes(context.target.architecture))
    yield { host: context.target.architecture, listed, place: nodeOf(array, context.target.architecture) };
  if (dialectOf(context.target.runtime) === 'oci') return;
  for (const entry of profile.archMap) {
    const place = effectiveMember(entry.view, 'architecture')?.typed;
    if (!entry.architecture || !place) continue;
    yield {
      host: entry.architecture.value,
      listed: entry.subArchitectures.map((text) => text.value),
      place,
      entry: entry.view,
    };
  }
}

function nodeOf(array: ArrayNode, name: string): Node {
  return array.items.find((item) => item.kind === 'string' && item.value === name) ?? array;
}

function addArchitectures(context: CheckContext, entry: ObjectView | undefined, missing: readonly string[]) {
  const { text, profile } = context.document;
  const values = missing.map((name) => JSON.stringify(name));
  const title = `Cover ${missing.join(' and ')} too`;
  const list = entry ? arrayOf(entry, 'subArchitectures') : profile && arrayOf(profile.view, 'architectures');
  if (list) return [{ title, edits: appendItems(text, list, values), safe: false }];
  if (!entry) return [];
  return [{ title, edits: [addMember(text, entry, 'subArchitectures', `[${values.join(', ')}]`)], safe: false }];
}
