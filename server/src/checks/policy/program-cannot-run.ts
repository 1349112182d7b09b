import { type Policy, type Verdict, verdictOf } from '../../policy/policy.ts';
import { predictStartup } from '../../policy/startup.ts';
import { effectiveMember } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { allowNames, denyingNode, removalFixes } from './names.ts';

/** What each call is needed for by ordinary programs; x86-64 alone has arch_prctl. */
const NEEDED: readonly { readonly name: string; readonly consequence: string }[] = [
  { name: 'exit_group', consequence: 'no program can end: it is killed when it tries to' },
  { name: 'arch_prctl', consequence: 'every dynamically linked program dies at start ("cannot set %fs base address")' },
  { name: 'mmap', consequence: 'every dynamically linked program dies at start, since its libraries cannot be mapped' },
  {
    name: 'mprotect',
    consequence: 'every dynamically linked program dies at start ("cannot apply additional memory protection")',
  },
];

export const programCannotRun: Check = {
  code: 'program-cannot-run',
  severity: 'warning',
  scope: 'profile',
  summary: 'The profile denies syscalls without which ordinary programs cannot start or end.',
  explanation: `The container starts, but hardly any program runs in it: the dynamic loader maps libraries with \`mmap\`, protects them
with \`mprotect\` and on x86-64 sets up thread-local storage with \`arch_prctl\`; every program ends with \`exit_group\`. Only static
programs written for such a profile do without the first three.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["modify_ldt", "arch_prctl"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["modify_ldt"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { policy, profile } = context;
    if (!policy || !profile || policy.resolved.unconfined || predictStartup(policy).fatal.length > 0) return;
    const missing = NEEDED.flatMap((need) => denied(policy, need.name));
    const byDefault = missing.filter((verdict) => !denyingNode(verdict)).map((verdict) => verdict.name);
    const action = effectiveMember(profile.view, 'defaultAction')?.member.value;
    if (byDefault.length > 0 && action)
      yield {
        span: action,
        message: `${sentence(byDefault)} Allow ${byDefault.join(', ')}.`,
        fixes: () => [
          { title: `Allow ${byDefault.join(', ')}`, edits: allowNames(context, profile.view, byDefault), safe: false },
        ],
      };
    for (const verdict of missing) {
      const node = denyingNode(verdict);
      if (node) yield { span: node, message: sentence([verdict.name]), fixes: () => removalFixes(context, verdict) };
    }
  },
};

function denied(policy: Policy, name: string): readonly Verdict[] {
  const verdict = verdictOf(policy, name);
  return verdict?.kind === 'denied' ? [verdict] : [];
}

function sentence(names: readonly string[]): string {
  const parts = names.map((name) => `without ${name} ${NEEDED.find((need) => need.name === name)!.consequence}`);
  const text = parts.join('; ');
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
