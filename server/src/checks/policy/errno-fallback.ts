import { type Policy, type Verdict, verdictOf } from '../../policy/policy.ts';
import { dialectOf } from '../../policy/target.ts';
import { errnoLabel } from '../../policy/words.ts';
import { effectiveMember, type Profile } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { addMember, listText, replaceNode } from '../edits.ts';
import { addRule, denyingNode, isNamable, quoteNames } from './names.ts';

/** Newer calls that the C library tries first and replaces by an older one, but only when it reads ENOSYS. */
const WITH_FALLBACK: readonly { readonly name: string; readonly older: string }[] = [
  { name: 'clone3', older: 'clone' },
  { name: 'faccessat2', older: 'faccessat' },
  { name: 'fchmodat2', older: 'fchmodat' },
  { name: 'statx', older: 'newfstatat' },
  { name: 'openat2', older: 'openat' },
  { name: 'close_range', older: 'close' },
  { name: 'epoll_pwait2', older: 'epoll_pwait' },
  { name: 'futex_waitv', older: 'futex' },
];

const ENOSYS = 38;

export const errnoFallback: Check = {
  code: 'errno-fallback',
  severity: 'information',
  scope: 'profile',
  summary: 'A newer syscall fails with an errno that keeps the C library from falling back to the older one.',
  explanation: `When the C library tries a newer call first (\`clone3\`, \`faccessat2\`, \`fchmodat2\`, \`statx\`), it takes \`ENOSYS\` as "this kernel
is too old" and uses the older call. Any other errno is passed on to the program: with \`EPERM\` for \`clone3\` no thread can be created
under glibc 2.34 and later. Docker's default profile therefore denies \`clone3\` with errno 38. Under runc the question answers itself
for calls numbered above the highest one that the profile names: those get \`ENOSYS\` (runc: \`libcontainer/seccomp/patchbpf\`).`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["clone3"], "action": "SCMP_ACT_ERRNO" }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38 }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { policy, profile } = context;
    if (!policy || !profile || policy.resolved.unconfined) return;
    const broken = WITH_FALLBACK.flatMap(({ name, older }) => brokenFallback(policy, name, older));
    for (const verdict of broken) {
      const node = denyingNode(verdict);
      if (node) yield byRule(context, verdict);
    }
    const byDefault = broken.filter((verdict) => !denyingNode(verdict));
    for (const verdict of byDefault.filter((v) => v.name === 'clone3')) yield* unnamed(context, profile, [verdict]);
    yield* unnamed(
      context,
      profile,
      byDefault.filter((v) => v.name !== 'clone3'),
    );
  },
};

/** The call fails with an errno other than ENOSYS although the older one works. */
function brokenFallback(policy: Policy, name: string, older: string): readonly Verdict[] {
  const verdict = verdictOf(policy, name);
  const before = verdictOf(policy, older);
  if (verdict?.kind !== 'denied' || !before || before.kind === 'denied') return [];
  const { action, errno } = verdict.otherwise.outcome;
  return action === 'SCMP_ACT_ERRNO' && errno !== ENOSYS && errno !== 0 ? [verdict] : [];
}

function* unnamed(context: CheckContext, profile: Profile, verdicts: readonly Verdict[]): Iterable<Finding> {
  const span = effectiveMember(profile.view, 'defaultAction')?.member.value;
  if (verdicts.length === 0 || !span) return;
  const names = verdicts.map((verdict) => verdict.name);
  const named = names.filter((name) => isNamable(context, name));
  const rule = `{ "names": ${listText(named)}, "action": "SCMP_ACT_ERRNO", "errnoRet": ${ENOSYS} }`;
  yield {
    span,
    severity: severityOf(names),
    message: message(names, verdicts[0]!),
    fixes: () =>
      named.length === 0
        ? []
        : [
            {
              title: `Answer ENOSYS for ${quoteNames(named, 3)}`,
              edits: addRule(context, profile.view, rule),
              safe: false,
            },
          ],
  };
}

function byRule(context: CheckContext, verdict: Verdict): Finding {
  const node = denyingNode(verdict)!;
  return {
    span: node,
    severity: severityOf([verdict.name]),
    message: message([verdict.name], verdict),
    fixes: () => ruleErrno(context, verdict),
  };
}

/** Without clone3 no thread starts; the others cost a program now and then. */
function severityOf(names: readonly string[]): 'warning' | 'information' {
  return names.includes('clone3') ? 'warning' : 'information';
}

function message(names: readonly string[], verdict: Verdict): string {
  const errno = errnoLabel(verdict.otherwise.outcome.errno ?? 1);
  const effect = names.includes('clone3')
    ? 'programs with glibc 2.34 or later cannot start threads'
    : 'some programs fail';
  return `${quoteNames(names)} ${names.length === 1 ? 'fails' : 'fail'} with ${errno}, so the C library does not fall back to the older call and ${effect}. Use ENOSYS (38) instead.`;
}

function ruleErrno(context: CheckContext, verdict: Verdict) {
  const { reason } = verdict.otherwise;
  if (reason.kind !== 'rule') return [];
  const { rule } = reason.rule.source;
  if (rule.names.length + (rule.name ? 1 : 0) !== 1) return [];
  const title = 'Answer ENOSYS (38) instead';
  // where it is read, the name wins over the number
  if (rule.errno?.value && dialectOf(context.target.runtime) === 'podman')
    return [{ title, edits: [replaceNode(rule.errno.node, '"ENOSYS"')], safe: false }];
  if (rule.errnoRet) return [{ title, edits: [replaceNode(rule.errnoRet.node, String(ENOSYS))], safe: false }];
  return [{ title, edits: [addMember(context.document.text, rule.view, 'errnoRet', String(ENOSYS))], safe: false }];
}
