import { dialectOf } from '../../policy/target.ts';
import { arrayOf, effectiveMember, membersOf, type Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Edit, Finding } from '../check.ts';
import { removeMembers } from '../edits.ts';
import { engine, quote } from '../text/words.ts';

export const nameAndNames: Check = {
  code: 'name-and-names',
  severity: 'error',
  scope: 'rule',
  summary: 'A rule has both `name` and `names`.',
  explanation: `Docker and Podman refuse a profile with such a rule: "both 'name' and 'names' are specified in the seccomp profile" (moby:
\`profiles/seccomp/seccomp_linux.go\`, measured); Docker 28 even where \`includes\` would drop the rule. containerd, runc and
crun do not know \`name\` and take \`names\` alone.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "name": "kexec_load", "names": ["kexec_file_load"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["kexec_load", "kexec_file_load"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const refused = dialectOf(context.target.runtime) !== 'oci';
    for (const rule of context.rules) {
      if (!rule.name?.value || rule.names.length === 0) continue;
      const name = quote(rule.name.value);
      yield {
        span: effectiveMember(rule.view, 'name')!.member.key,
        ...(!refused && { severity: 'warning' }),
        message: refused
          ? `A rule cannot have both "name" and "names": ${engine(context)} refuses the profile. Put ${name} into "names".`
          : `${engine(context)} does not read "name": the rule is not for ${name}. Put it into "names".`,
        fixes: () => [{ title: `Put ${name} into "names"`, edits: merge(context, rule), safe: refused }],
      };
    }
  },
};

function merge({ document }: CheckContext, { view, name, names }: Rule): readonly Edit[] {
  const removal = removeMembers(document.text, view, membersOf(view, 'name'));
  if (names.some((other) => other.value === name!.value)) return removal;
  const first = arrayOf(view, 'names')!.items[0]!;
  return [...removal, { start: first.start, end: first.start, text: `${JSON.stringify(name!.value)}, ` }];
}
