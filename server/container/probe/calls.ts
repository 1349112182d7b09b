import type { CallArgument } from './program.ts';
import { NEVER_PROBED } from './unsafe.ts';

/** One try of a syscall by name. */
export interface Probe {
  readonly name: string;
  readonly nr: number;
  /** What sets it apart from other tries of the same name, e.g. `AF_NETLINK`. */
  readonly detail?: string;
  readonly args: readonly CallArgument[];
}

interface Variant {
  readonly detail?: string;
  readonly args: readonly CallArgument[];
}

const domain = (detail: string, value: number): Variant => ({ detail, args: [value, -1, 0] });

/**
 * Arguments where -1 in all six places would have an effect, or does not reach what a profile looks at. A socket type
 * of -1 is refused before a socket is made.
 */
const VARIANTS: ReadonlyMap<string, readonly Variant[]> = new Map<string, readonly Variant[]>([
  ['alarm', [{ args: [0] }]],
  ['kill', [{ args: [0x7fffffff, 0] }]],
  ['msgget', [{ args: [-1, 0] }]],
  ['semget', [{ args: [-1, -1, 0] }]],
  ['shmget', [{ args: [-1, -1, 0] }]],
  ['futex', [{ args: [-1, 1] }]],
  ['personality', [{ args: [0xffffffff] }]],
  ['nice', [{ args: [0] }]],
  // read an empty table: its errors come back as unsigned 32-bit numbers
  ['modify_ldt', [{ args: [0, -1, 0] }]],
  [
    'socket',
    [
      domain('AF_UNIX', 1),
      domain('AF_INET', 2),
      domain('AF_INET6', 10),
      domain('AF_NETLINK', 16),
      domain('AF_PACKET', 17),
      domain('AF_ALG', 38),
      domain('AF_VSOCK', 40),
    ],
  ],
]);

/** Syscalls that are worth a try whatever the profile says: what tutorials forbid and what breaks out of containers. */
export const USUAL: readonly string[] = [
  ...['mkdir', 'mkdirat', 'rmdir', 'unlink', 'unlinkat', 'rename', 'renameat', 'renameat2'],
  ...['chmod', 'fchmod', 'fchmodat', 'fchmodat2', 'chown', 'fchown', 'lchown', 'fchownat'],
  ...[
    'open',
    'openat',
    'openat2',
    'creat',
    'read',
    'close',
    'execve',
    'execveat',
    'link',
    'symlink',
    'mknod',
    'mknodat',
  ],
  ...['stat', 'statx', 'faccessat2', 'getdents64', 'setxattr', 'chdir', 'chroot', 'pivot_root'],
  ...['socket', 'connect', 'bind', 'listen', 'accept4', 'sendto', 'recvfrom', 'socketpair'],
  ...[
    'clone',
    'clone3',
    'unshare',
    'setns',
    'kill',
    'tgkill',
    'prctl',
    'seccomp',
    'ptrace',
    'process_vm_readv',
    'kcmp',
  ],
  ...['mount', 'umount2', 'fsopen', 'move_mount', 'open_tree', 'mount_setattr', 'swapon', 'quotactl'],
  ...['setuid', 'setgid', 'setgroups', 'setresuid', 'capset', 'getpid', 'getuid', 'gettid', 'personality', 'umask'],
  ...['keyctl', 'add_key', 'request_key', 'bpf', 'perf_event_open', 'userfaultfd', 'io_uring_setup', 'io_uring_enter'],
  ...['init_module', 'finit_module', 'delete_module', 'kexec_load', 'open_by_handle_at', 'name_to_handle_at'],
  ...['acct', 'settimeofday', 'clock_settime', 'adjtimex', 'sethostname', 'syslog', 'iopl', 'ioperm', 'modify_ldt'],
  ...['mmap', 'mprotect', 'memfd_create', 'brk', 'futex', 'ioctl', 'fcntl', 'landlock_create_ruleset', 'pidfd_open'],
];

/**
 * The tries for these names, each name once, in the order given. Left out: names that have no number on the
 * architecture, and those that are never probed.
 */
export function probesFor(names: Iterable<string>, numberOf: (name: string) => number | undefined): readonly Probe[] {
  return [...new Set(names)].flatMap((name) => {
    const nr = numberOf(name);
    if (nr === undefined || nr < 0 || NEVER_PROBED.has(name)) return [];
    return (VARIANTS.get(name) ?? [{ args: [] }]).map((variant): Probe => ({ name, nr, ...variant }));
  });
}

/** How a try is called in reports: `socket (AF_INET)`. */
export const probeLabel = ({ name, detail }: Probe): string => (detail ? `${name} (${detail})` : name);
