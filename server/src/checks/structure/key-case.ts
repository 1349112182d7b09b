import type { Check, CheckContext, Finding } from '../check.ts';
import { removeMembers } from '../edits.ts';
import { readByGo } from '../text/words.ts';
import { renameKey } from './keys.ts';

export const keyCase: Check = {
  code: 'key-case',
  severity: 'information',
  scope: 'rule',
  summary: 'A key is written in another letter case than the format has it.',
  explanation: `Go finds a field whatever the letter case of the key (\`encoding/json\`), so Docker, Podman, containerd and runc read
\`"Names"\` as \`"names"\`. crun compares exactly: given such a file directly it misses the key and refuses the profile, or
leaves the rule's part out. Other tools that read profiles often compare exactly too.`,
  example: {
    bad: `{
  "DefaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const lenient = readByGo(context);
    for (const view of context.views) {
      for (const shown of view.members) {
        const { member, spec, effective } = shown;
        // to Go it is replaced then, which duplicate-key tells
        if (!spec || (!effective && lenient) || member.key.value === spec.key || member.colon === undefined) continue;
        yield {
          span: member.key,
          ...(!lenient && { severity: 'error' }),
          message: lenient
            ? `The key is "${spec.key}"; engines written in Go accept this letter case, others do not see it.`
            : `crun does not see this key: it compares letter case. Write "${spec.key}".`,
          fixes: () => [
            view.members.some((other) => other.member.key.value === spec.key)
              ? {
                  title: `Remove this "${member.key.value}"`,
                  edits: removeMembers(context.document.text, view, [member]),
                  safe: false,
                }
              : { title: `Replace with "${spec.key}"`, edits: [renameKey(shown, spec.key)], safe: lenient },
          ],
        };
      }
    }
  },
};
