import { familiesOf, isSyscall } from '../catalog/index.ts';

/** What is known of a program before it is tried. */
export interface Clues {
  /** Its name and arguments, and what it said when it failed. */
  readonly texts: readonly string[];
  /** Syscalls that a recording saw; they need not be complete, nor all be needed. */
  readonly hints: readonly string[];
  /** Whether the hints are all that a run of the program made. */
  readonly recorded?: boolean;
}

/** Syscalls behind usual programs whose names tell nothing of them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  cp: 'copy_file_range sendfile',
  date: 'clock_settime settimeofday',
  dmesg: 'syslog',
  hostname: 'sethostname',
  insmod: 'init_module finit_module',
  ip: 'socket sendmsg bind',
  ln: 'link symlink',
  ls: 'getdents64 lstat',
  mkfifo: 'mknod',
  modprobe: 'init_module finit_module',
  mv: 'rename',
  nc: 'socket connect bind listen accept',
  nice: 'setpriority',
  nsenter: 'setns',
  ping: 'socket sendto',
  renice: 'setpriority',
  rm: 'unlink rmdir',
  sleep: 'nanosleep clock_nanosleep',
  su: 'setuid setgid setgroups',
  taskset: 'sched_setaffinity sched_getaffinity',
  time: 'wait4 times',
  timeout: 'kill timer_create',
  touch: 'utimensat utime',
  umount: 'umount2',
};

/** Syscalls that texts speak of, and their relatives: `mkdir: cannot create` speaks of mkdir and mkdirat. */
export function mentioned(texts: readonly string[]): ReadonlySet<string> {
  const words = new Set(
    texts.flatMap((text) => text.match(/[a-z_][a-z0-9_]*/gi) ?? []).map((word) => word.toLowerCase()),
  );
  const spoken = [...words].flatMap((word) => [...(isSyscall(word) ? [word] : []), ...behind(word)]);
  return new Set([...spoken, ...spoken.flatMap(relatives)]);
}

const behind = (program: string): readonly string[] =>
  Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program]!.split(' ') : [];

/** Syscalls that do the same without a detour. */
const relatives = (name: string): readonly string[] =>
  familiesOf(name)
    .filter(({ related }) => !related)
    .flatMap(({ members }) => members.filter(({ through }) => !through).map((member) => member.name));
