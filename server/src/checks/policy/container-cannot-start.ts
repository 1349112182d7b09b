import { type Policy, type Verdict, verdictOf } from '../../policy/policy.ts';
import { permits } from '../../policy/resolve.ts';
import { kills, predictStartup, startupSyscalls } from '../../policy/startup.ts';
import { loaderOf, runtimeLabel } from '../../policy/target.ts';
import { outcomeInWords } from '../../policy/words.ts';
import { effectiveMember, type ObjectView } from '../../profile/model.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { allowNames, denyingNode, removalFixes } from './names.ts';

export const containerCannotStart: Check = {
  code: 'container-cannot-start',
  severity: 'error',
  scope: 'profile',
  summary: 'The profile denies syscalls that the runtime itself needs after the filter is loaded.',
  explanation: `The runtime loads the filter inside the container before it has finished: it still changes user, groups and
capabilities, closes files and executes the program, and all of that runs under the profile. When one of those calls is denied
the container does not start, with a message that names neither seccomp nor the syscall. An action that kills makes it worse:
it ends one thread of the Go program that runc is, and \`docker run\` can wait for ever.

With \`no-new-privileges\` the filter is loaded later and fewer calls are needed. The lists were measured under runc 1.3.6 and
crun 1.28 by denying one syscall at a time.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    { "names": ["read", "write", "exit_group"], "action": "SCMP_ACT_ALLOW" }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    { "names": ["read", "write", "exit_group", "capget", "capset", "chdir", "close", "close_range", "epoll_ctl", "execve", "faccessat2", "fcntl", "fstat", "fstatfs", "futex", "getcwd", "getdents64", "getpid", "getppid", "newfstatat", "openat", "openat2", "prctl", "rt_sigreturn", "setgid", "setgroups", "setuid", "statx", "tgkill"], "action": "SCMP_ACT_ALLOW" }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { policy, profile } = context;
    if (!policy || !profile || policy.resolved.unconfined) return;
    const { fatal } = predictStartup(policy);
    if (fatal.length === 0) return;
    const byDefault = fatal.filter((verdict) => verdict.otherwise.reason.kind !== 'rule');
    const byRule = fatal.filter((verdict) => verdict.otherwise.reason.kind === 'rule');
    const action = effectiveMember(profile.view, 'defaultAction')?.member.value;
    if (byDefault.length > 0 && action)
      yield {
        span: action,
        message: message(context, byDefault),
        fixes: () => [allowMissing(context, policy, profile.view)],
      };
    for (const verdict of byRule) {
      const node = denyingNode(verdict);
      if (node) yield { span: node, message: message(context, [verdict]), fixes: () => removalFixes(context, verdict) };
    }
  },
};

function message(context: CheckContext, denied: readonly Verdict[]): string {
  const loader = loaderOf(context.target);
  const names = denied.map((verdict) => verdict.name);
  const hangs = loader === 'runc' && denied.some((verdict) => kills(verdict)) ? ' It may hang instead of failing.' : '';
  const what =
    names.length === 1
      ? `"${names[0]}" ${outcomeInWords(denied[0]!.otherwise.outcome)}`
      : `${names.join(', ')} are denied`;
  return `No container starts with this profile: ${what}, but ${loader} needs ${names.length === 1 ? 'it' : 'them'} after the filter is loaded (${runtimeLabel(context.target.runtime)}).${hangs}`;
}

/** Allows everything that the runtime can need and that is not allowed yet. */
function allowMissing(context: CheckContext, policy: Policy, view: ObjectView): Fix {
  const missing = startupSyscalls(policy).filter((name) => {
    const verdict = verdictOf(policy, name);
    return verdict !== undefined && !permits(verdict.otherwise.outcome) && verdict.otherwise.reason.kind !== 'rule';
  });
  return {
    title: `Allow the ${missing.length} syscalls that ${loaderOf(context.target)} needs to start a container`,
    edits: allowNames(context, view, missing),
    safe: false,
  };
}
