import { type Danger, dangers, defaultProfile } from '../../catalog/index.ts';
import type { LoadedRule } from '../../policy/load.ts';
import { type Policy, verdictOf } from '../../policy/policy.ts';
import { permits, type ResolvedRule } from '../../policy/resolve.ts';
import type { Rule, Text } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { removeEvery } from './names.ts';

export const dangerousSyscall: Check = {
  code: 'dangerous-syscall',
  severity: 'information',
  scope: 'syscall',
  summary: 'An allow-list allows a syscall that breaks containment or opens much of the kernel.',
  explanation: `These calls are the ones that Docker's default profile keeps from containers without the matching capability, because
they reach the host or have a history of kernel vulnerabilities: loading modules, mounting, tracing other processes, \`bpf\`,
\`io_uring\`, \`userfaultfd\`. An allow-list may well need one of them; then give it a condition, or \`includes.caps\` with the capability
that it needs, so that it is allowed only where it can be used.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_LOG",
  "syscalls": [{ "names": ["read", "kexec_load"], "action": "SCMP_ACT_ALLOW" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_LOG",
  "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_ALLOW" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { policy, syscalls, outside } = context;
    if (!policy || policy.resolved.default!.action === 'SCMP_ACT_ALLOW') return;
    for (const { name, filter } of syscalls) if (isAllowed(policy, name)) yield* mentions(context, name, filter.rules);
    const skipped = outside ? policy.native.dropped.filter(({ reason }) => reason === 'same-as-default') : [];
    for (const each of skipped)
      if (isAllowed(policy, each.name.value)) yield* mentions(context, each.name.value, [each]);
  },
};

/** What Docker's default does not allow either, by name; the list is short, while rules can name hundreds of syscalls. */
function suspects(): ReadonlyMap<string, Danger> {
  suspected ??= new Map(
    dangers()
      .filter(({ tier, syscall }) => tier <= 2 && defaultProfile('docker').verdicts.get(syscall)?.kind !== 'allowed')
      .map((danger) => [danger.syscall, danger]),
  );
  return suspected;
}

let suspected: ReadonlyMap<string, Danger> | undefined;

/** Their names, always the same list. */
export function suspectNames(): readonly string[] {
  names ??= [...suspects().keys()];
  return names;
}

let names: readonly string[] | undefined;

function isAllowed(policy: Policy, name: string): boolean {
  return suspects().has(name) && verdictOf(policy, name)?.kind === 'allowed';
}

/** Where rules allow the syscall without a condition. */
function* mentions(
  context: CheckContext,
  syscall: string,
  rules: readonly Pick<LoadedRule, 'source' | 'name'>[],
): Iterable<Finding> {
  const danger = suspects().get(syscall)!;
  for (const { source, name } of rules) if (isMeant(source, name, danger)) yield finding(context, source, name, danger);
}

function isMeant({ rule, outcome }: ResolvedRule, { value }: Text, { syscall }: Danger): boolean {
  return value === syscall && permits(outcome) && rule.conditions.length === 0 && !needsCapability(rule);
}

/** A rule that is there only with a capability was written with care. */
function needsCapability(rule: Rule): boolean {
  return (rule.includes?.caps.length ?? 0) > 0;
}

function finding(context: CheckContext, { rule }: ResolvedRule, { value, node }: Text, danger: Danger): Finding {
  return {
    span: node,
    severity: danger.tier === 1 ? 'information' : 'hint',
    message: message(danger),
    fixes: () => [
      { title: `Remove "${value}" from the allow-list`, edits: removeEvery(context, rule, value), safe: false },
    ],
  };
}

function message(danger: Danger): string {
  return `"${danger.syscall}" is dangerous to allow: ${danger.why}`;
}
