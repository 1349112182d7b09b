import { always, type Profile } from './vocabulary.ts';

/** What runc 1.1 and 1.3 call between loading the filter and starting the program: without one of these, no start. */
export const startsWith = [
  ...['capget', 'capset', 'chdir', 'close', 'close_range', 'epoll_ctl', 'execve', 'exit_group', 'faccessat2'],
  ...['fcntl', 'fstat', 'fstatfs', 'futex', 'getcwd', 'getdents64', 'getpid', 'getppid', 'newfstatat', 'openat'],
  ...['openat2', 'prctl', 'read', 'rt_sigreturn', 'setgid', 'setgroups', 'setuid', 'statx', 'tgkill', 'write'],
];

/** What the Go runtime inside runc may call at any time; clone and clone3 are ruled by condition. */
export const goRuntime = [
  ...['mmap', 'munmap', 'madvise', 'mprotect', 'brk', 'nanosleep', 'sched_yield', 'rt_sigprocmask', 'rt_sigaction'],
  ...['sigaltstack', 'gettid', 'epoll_pwait'],
];

/** What crun calls to become the user. */
export const crun = ['setresgid', 'setresuid'];

/** Of what a container's start needs, the names that no unconditional rule of the profile allows. */
export function missingForStart(profile: Profile): string[] {
  const allowed = new Set(
    profile.syscalls.filter((rule) => rule.action === 'SCMP_ACT_ALLOW' && always(rule)).flatMap((rule) => rule.names),
  );
  return [...startsWith, ...goRuntime, ...crun].filter((name) => !allowed.has(name));
}
