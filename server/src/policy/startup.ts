import { type Policy, type Verdict, verdictOf } from './policy.ts';
import { permits } from './resolve.ts';
import { isBefore, loaderOf } from './target.ts';

/**
 * Syscalls that the container's init makes after the filter is loaded. Each list was measured by denying one syscall
 * at a time under the runtime named, with a static program in the container.
 */
interface StartupNeeds {
  /** Denied in any way: the container does not start. */
  readonly always: readonly string[];
  /** Denied by killing: it does not start; an errno is tolerated. */
  readonly whenKilled: readonly string[];
  /** The Go runtime makes them now and then: without them some starts fail. */
  readonly sometimes: readonly string[];
}

const words = (text: string): readonly string[] => text.split(' ');

/** Go's scheduler, memory manager and signal set-up in runc's init, runc 1.1.5 and 1.3.6. */
const GO_RUNTIME = words(
  'clone mmap munmap madvise mprotect brk nanosleep sched_yield rt_sigprocmask rt_sigaction sigaltstack gettid epoll_pwait rt_sigreturn',
);

/** runc 1.3.6 under Docker 28.5. Before 1.2 runc did not need statx. */
const RUNC: StartupNeeds = {
  always: words(
    'capget capset chdir close execve fstat fstatfs futex getcwd getdents64 getppid newfstatat openat prctl read setgid setgroups setuid statx write',
  ),
  whenKilled: words('getpid fcntl epoll_ctl faccessat2 close_range openat2 tgkill'),
  sometimes: GO_RUNTIME,
};

/** With no-new-privileges runc loads the filter last, so that less remains to be done under it. */
const RUNC_NO_NEW_PRIVILEGES: StartupNeeds = {
  always: words('close execve fstat fstatfs futex getdents64 openat statx write'),
  whenKilled: words('fcntl openat2 rt_sigreturn'),
  sometimes: GO_RUNTIME,
};

/** crun 1.28 under Podman 5. */
const CRUN: StartupNeeds = {
  always: words('capset execve prctl rt_sigaction rt_sigprocmask setresgid setresuid write'),
  whenKilled: words('close close_range'),
  sometimes: [],
};

const CRUN_NO_NEW_PRIVILEGES: StartupNeeds = {
  always: ['execve'],
  whenKilled: words('close close_range'),
  sometimes: [],
};

/** What the lists above have since releases after 1.1.5 of runc and 1.8.1 of crun, which were measured too. */
const RUNC_LATER = words('statx close_range openat2 tgkill');
const RUNC_NO_NEW_PRIVILEGES_LATER = words('statx openat2 fstat fcntl');
const CRUN_LATER = ['close_range'];

/** The needs as far as the target's release is known to have them. */
export function startupNeeds(policy: Pick<Policy, 'target'>): StartupNeeds {
  const needs = currentNeeds(policy);
  const later = laterNeeds(policy);
  const known = (names: readonly string[]): readonly string[] => names.filter((name) => !later.includes(name));
  return { always: known(needs.always), whenKilled: known(needs.whenKilled), sometimes: needs.sometimes };
}

function laterNeeds({ target }: Pick<Policy, 'target'>): readonly string[] {
  const runc = loaderOf(target) === 'runc';
  if (!isBefore(target.releases?.loader, runc ? '1.2.0' : '1.28')) return [];
  if (!runc) return CRUN_LATER;
  return target.noNewPrivileges ? RUNC_NO_NEW_PRIVILEGES_LATER : RUNC_LATER;
}

function currentNeeds({ target }: Pick<Policy, 'target'>): StartupNeeds {
  const { noNewPrivileges } = target;
  if (loaderOf(target) === 'runc') return noNewPrivileges ? RUNC_NO_NEW_PRIVILEGES : RUNC;
  return noNewPrivileges ? CRUN_NO_NEW_PRIVILEGES : CRUN;
}

/** Everything that the runtime can need, for a fix that makes a profile start. */
export function startupSyscalls(policy: Policy): readonly string[] {
  const needs = startupNeeds(policy);
  return [...new Set([...needs.always, ...needs.whenKilled, 'exit_group', 'rt_sigreturn'])].sort();
}

export interface StartupPrediction {
  /** Denied although the container cannot start without them. */
  readonly fatal: readonly Verdict[];
  /** Denied although the runtime needs them now and then. */
  readonly risky: readonly Verdict[];
}

/** Which of the runtime's own calls the profile denies. A call denied only for some arguments counts as permitted. */
export function predictStartup(policy: Policy): StartupPrediction {
  const known = PREDICTED.get(policy) ?? predict(policy);
  PREDICTED.set(policy, known);
  return known;
}

const PREDICTED = new WeakMap<Policy, StartupPrediction>();

function predict(policy: Policy): StartupPrediction {
  const needs = startupNeeds(policy);
  const denied = (names: readonly string[]): readonly Verdict[] =>
    names.flatMap((name) => {
      const verdict = verdictOf(policy, name);
      return verdict?.kind === 'denied' ? [verdict] : [];
    });
  const killed = denied(needs.whenKilled).filter((verdict) => kills(verdict));
  return { fatal: [...denied(needs.always), ...killed], risky: denied(needs.sometimes) };
}

/** The call ends the thread or the process instead of returning. */
export function kills(verdict: Verdict): boolean {
  const { outcome } = verdict.otherwise;
  return !permits(outcome) && /_KILL|_TRAP/.test(outcome.action);
}
