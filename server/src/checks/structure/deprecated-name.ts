import { isSeen } from '../../policy/as-read.ts';
import { dialectOf } from '../../policy/target.ts';
import { arrayOf, effectiveMember, type Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { listName } from '../policy/names.ts';
import { engine, quote, readByGo } from '../text/words.ts';

export const deprecatedName: Check = {
  code: 'deprecated-name',
  severity: 'hint',
  scope: 'rule',
  summary: 'A rule uses `name`, the old form of `names`.',
  explanation: `\`name\` is from the time when a rule was for one syscall. Docker and Podman still read it (moby:
\`profiles/seccomp/seccomp.go\`). The OCI format has only \`names\`: containerd, Kubernetes on containerd and runc **drop the
rule in silence**, and so does crun, unless \`names\` is absent: then it refuses the profile (measured). Where one of these is the
target it is a warning, or an error.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "name": "kexec_load", "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["kexec_load"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules)
      if (rule.name?.value && rule.names.length === 0 && !isFilledOtherwise(rule)) yield finding(context, rule);
  },
};

/** `names` with something else than texts in it, or still without a value, which is told of elsewhere. */
function isFilledOtherwise({ view }: Rule): boolean {
  const member = effectiveMember(view, 'names')?.member;
  if (!member) return false;
  const { value } = member;
  return value?.kind !== 'null' && !(value?.kind === 'array' && value.items.length === 0);
}

function finding(context: CheckContext, rule: Rule): Finding {
  const name = quote(rule.name!.value);
  const read = dialectOf(context.target.runtime) !== 'oci';
  const refused = !readByGo(context) && !(isSeen(context.target, rule.view, 'names') && arrayOf(rule.view, 'names'));
  return {
    span: effectiveMember(rule.view, 'name')!.member.key,
    severity: read ? 'hint' : refused ? 'error' : 'warning',
    message: read
      ? '"name" is the old form, which only Docker and Podman read. Write "names" with a list.'
      : refused
        ? 'crun does not know "name" and refuses a rule without "names". Write "names" with a list.'
        : `${engine(context)} does not know "name" and drops the rule for ${name} in silence. Write "names" with a list.`,
    tag: 'deprecated',
    fixes: () => [
      { title: 'Replace with "names"', edits: listName(context, rule, [rule.name!.value]), safe: read || refused },
    ],
  };
}
