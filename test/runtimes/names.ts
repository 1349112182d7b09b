import { HARMLESS as KERNEL } from '../kernel/cases.ts';

const words = (text: string): readonly string[] => text.split(' ');

/**
 * What runc's and crun's init, Go's runtime and the program need to get to the end. Measured: `policy/startup.ts`, and what
 * the program makes itself.
 */
export const BASE: readonly string[] = [
  ...words('capget capset chdir close close_range epoll_ctl execve exit_group faccessat2 fcntl fstat fstatfs futex'),
  ...words(
    'getcwd getdents64 getpid getppid newfstatat openat openat2 prctl read rt_sigreturn setgid setgroups setuid',
  ),
  ...words('statx tgkill write clone clone3 mmap munmap madvise mprotect brk nanosleep sched_yield rt_sigprocmask'),
  ...words('rt_sigaction sigaltstack gettid epoll_pwait setresgid setresuid exit'),
];

/** Their results tell of other processes, and differ from run to run. */
const OF_OTHERS = words('getpgid getsid getpriority sched_getscheduler');

/** Calls of no consequence whatever their arguments are: they only change the process that makes them. */
export const HARMLESS: readonly string[] = [
  ...KERNEL.filter((name) => !OF_OTHERS.includes(name)),
  ...words('geteuid getegid getpgrp setfsuid setfsgid sched_get_priority_max sched_get_priority_min eventfd2'),
  ...words('epoll_create1 timerfd_create'),
].filter((name) => !BASE.includes(name));
