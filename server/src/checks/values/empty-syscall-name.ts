import { type Rule, ruleNames } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { removeName } from '../policy/names.ts';
import { engine, loadedByRunc } from '../text/words.ts';
import { reachedWhere } from './reach.ts';

export const emptySyscallName: Check = {
  code: 'empty-syscall-name',
  severity: 'error',
  scope: 'rule',
  summary: 'A syscall name is empty.',
  explanation: `runc refuses to start the container: "empty string is not a valid syscall" (runc: \`libcontainer/seccomp/seccomp_linux.go\`,
measured). crun and Podman skip the name as one that they do not know.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf", ""], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules)
      for (const { value, node } of ruleNames(rule))
        if (value === '' && node.closed && node !== rule.name?.node)
          yield {
            span: node,
            ...outcome(context, rule),
            fixes: () => [
              {
                title: 'Remove the empty name',
                edits: removeName(context, rule, node),
                safe: rule.names.length > 1 || !!context.profile?.defaultAction?.value,
              },
            ],
          };
  },
};

function outcome(context: CheckContext, rule: Rule): Pick<Finding, 'message' | 'severity'> {
  const name = engine(context);
  if (!loadedByRunc(context)) return { severity: 'warning', message: `An empty name is no syscall; ${name} skips it.` };
  const where = reachedWhere(context, rule);
  return {
    ...(where && { severity: 'warning' }),
    message: `An empty name is no syscall: ${name} refuses the profile${where ?? ''}. Remove it.`,
  };
}
