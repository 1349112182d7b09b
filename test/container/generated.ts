import { generate } from '../differential/generate.ts';
import { random } from '../differential/random.ts';
import { printProfile, type Written, type WrittenRule } from '../differential/written.ts';

/** What runc 1.1 to 1.3 and Go's runtime need before the container's program starts. */
export const NEEDED_TO_START: readonly string[] =
  'capget capset chdir close close_range epoll_ctl execve exit_group faccessat2 fcntl fstat fstatfs futex getcwd getdents64 getpid getppid newfstatat openat openat2 prctl read rt_sigreturn setgid setgroups setuid statx tgkill write clone clone3 mmap munmap madvise mprotect brk nanosleep sched_yield rt_sigprocmask rt_sigaction sigaltstack gettid epoll_pwait'.split(
    ' ',
  );

/** For names that a container needs, others that take as many arguments and no one needs. */
const STAND_INS: Readonly<Record<string, string>> = {
  read: 'mkdir',
  prctl: 'keyctl',
  clone: 'unshare',
  openat2: 'setns',
  nosuchcall: 'futex_waitv',
};

const CAPS = ['CAP_CHOWN', 'CAP_SYS_ADMIN', 'CAP_NET_RAW'];

/**
 * A generated profile for Docker on this machine under which containers start, unless it is refused: rules that are hard on
 * libseccomp, on calls that the runtime does not need.
 */
export function generatedProfile(seed: number, native: string): string {
  const rng = random(seed ^ 0x5eed);
  const { profile } = generate(seed);
  const filter = (): Pick<WrittenRule, 'includes' | 'excludes'> => {
    if (!rng.chance(0.15)) return {};
    return { [rng.pick(['includes', 'excludes'] as const)]: { caps: [rng.pick(CAPS)] } };
  };
  const rules = profile.syscalls.map((rule) => ({
    ...withoutAgent(rule),
    names: rule.names!.map(standIn),
    ...filter(),
  }));
  const needed = { names: NEEDED_TO_START, action: 'SCMP_ACT_ALLOW' };
  const { archMap: _, ...rest } = profile;
  const architectures = profile.architectures && [native, ...profile.architectures.filter(isX86)];
  const written: Written = {
    ...rest,
    ...(architectures && { architectures }),
    defaultAction: rng.chance(0.1) ? 'SCMP_ACT_KILL_PROCESS' : withoutAgent({ action: profile.defaultAction }).action,
    syscalls: [needed, ...rules],
  };
  return printProfile(written);
}

const isX86 = (name: string): boolean => /_(X86|X32)$/.test(name);
const standIn = (name: string): string => STAND_INS[name] ?? name;

/** An agent that nobody runs would be a reason not to start. */
const withoutAgent = <R extends { readonly action: string }>(rule: R): R =>
  rule.action === 'SCMP_ACT_NOTIFY' ? { ...rule, action: 'SCMP_ACT_TRAP' } : rule;
