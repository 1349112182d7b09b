import { action } from '../../catalog/index.ts';
import { ruleAsRead } from '../../policy/as-read.ts';
import { dialectOf } from '../../policy/target.ts';
import { effectiveMember, type Rule, ruleNames } from '../../profile/model.ts';
import { firstSign } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { isFragmentary } from '../text/problems.ts';
import { engine, readByGo } from '../text/words.ts';
import { isMisspelt } from './keys.ts';
import { removeRule } from './rules.ts';

export const ruleWithoutNames: Check = {
  code: 'rule-without-names',
  severity: 'warning',
  scope: 'rule',
  summary: 'A rule is for no syscall.',
  explanation: `A rule without names, or with an empty list, does nothing: every engine drops it in silence (moby:
\`profiles/seccomp/seccomp_linux.go\`, measured), except that crun refuses a profile whose rule lacks the key \`names\`.
Its action is read all the same: runc refuses the profile where that is wrong.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["bpf"], "action": "SCMP_ACT_ERRNO" },
    { "names": [], "action": "SCMP_ACT_ERRNO" }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    if (isFragmentary(context.document)) return;
    for (const rule of context.rules) {
      if (ruleNames(rule).length > 0 || holdsSomething(context, rule)) continue;
      // Go may have put it together with one that has names
      const read = ruleAsRead(context.profile, rule, context.target);
      if (!isMisspelt(rule.view, 'names') && ruleNames(read).length === 0) yield finding(context, rule);
    }
  },
};

/** Something stands for the names, be it of a wrong type, which is told of elsewhere where it is read. */
function holdsSomething({ target }: CheckContext, { view }: Rule): boolean {
  const names = effectiveMember(view, 'names')?.member.value;
  const name = effectiveMember(view, 'name')?.member.value;
  const listed = names !== undefined && names.kind !== 'null' && !(names.kind === 'array' && names.items.length === 0);
  const isRead = dialectOf(target.runtime) !== 'oci';
  return listed || (isRead && name !== undefined && name.kind !== 'null' && name.kind !== 'string');
}

function finding(context: CheckContext, rule: Rule): Finding {
  const written = effectiveMember(rule.view, 'names')?.member.value;
  const refused = !readByGo(context) && (!written || written.kind === 'null');
  const edits = removeRule(context, rule);
  const safe = !!rule.action && !!action(rule.action.value) && !!context.profile?.defaultAction?.value;
  return {
    span: written ?? firstSign(rule.view.node),
    ...(refused && { severity: 'error' }),
    message: `The rule names no syscall, so ${refused ? 'crun refuses the profile' : `${engine(context)} drops it in silence`}. Add names, or remove the rule.`,
    tag: 'unnecessary',
    fixes: () => (edits ? [{ title: 'Remove the rule', edits, safe }] : []),
  };
}
