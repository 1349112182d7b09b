import assert from 'node:assert/strict';
import { arch, calls, unknown, variants } from './record.ts';

describe('a trace of strace', () => {
  it('may have many calls that another process ends', () => {
    const lines = (count: number, make: (i: number) => string): string =>
      Array.from({ length: count }, (_, i) => make(i)).join('\n');
    const text = [
      lines(60_000, (i) => `${i + 1} read(3, <unfinished ...>`),
      '60001 write(1, <unfinished ...>',
      lines(60_000, () => '70000 <... write resumed>"", 0) = 0'),
      '70000 <... read resumed>"", 0) = 0',
    ].join('\n');
    assert.deepEqual(calls(text), ['read 60000', 'write 60000']);
  });

  it('has a call a line, signals and an end', () => {
    const text = `execve("/bin/true", ["true"], 0x7ffe /* 8 vars */) = 0
brk(NULL)                               = 0x55d0
access("/etc/ld.so.preload", R_OK)      = -1 ENOENT (No such file or directory)
--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=12, si_status=0} ---
exit_group(0)                           = ?
+++ exited with 0 +++`;
    assert.deepEqual(calls(text), ['access 1 (1)', 'brk 1', 'execve 1', 'exit_group 1']);
    assert.deepEqual(unknown(text), []);
  });

  const call = 'openat(AT_FDCWD, "/x", O_RDONLY) = 3';
  const forms: Readonly<Record<string, string>> = {
    '-f on a terminal': `[pid  1234] ${call}`,
    '-f with names of commands': `[pid  1234<sh>] ${call}`,
    '-f in a namespace': `[pid 1234 /* 7 in strace's PID NS */] ${call}`,
    '-f into a file': `1234  ${call}`,
    '-f into a file with names of commands': `1234<sh>  ${call}`,
    '-t': `02:33:18 ${call}`,
    '-tt': `1234  02:33:18.146148 ${call}`,
    '-ttt': `[pid 1234] 1795660398.198295 ${call}`,
    '-r': `     0.000058 ${call}`,
    '-r -tt': `02:33:18.146148 (+     0.000058) ${call}`,
    '-T': `${call} <0.000013>`,
    '-i': `[00007f59b0eb3b1d] ${call}`,
    '-i of 32 bits': `[f7f2b549] ${call}`,
    '-n': `[ 257] ${call}`,
    '-n -i -tt -f': `[pid 1234] 02:33:18.1 [ 257] [00007f59b0eb3b1d] ${call}`,
    '-y': 'openat(AT_FDCWD</tmp/a,b (c)>, "/x", O_RDONLY) = 3</x>',
    'a long time after': `1700000000 ${call}`,
  };
  for (const [form, line] of Object.entries(forms))
    it(`is read with ${form}`, () => {
      assert.deepEqual(calls(line), ['openat 1']);
      assert.deepEqual(unknown(line), []);
    });

  it('can be about one process of several', () => {
    const text = '12  read(0, "", 1) = 0\n13  write(1, "x", 1) = 1\n12  close(0) = 0';
    assert.deepEqual(calls(text, { pids: new Set([12]) }), ['close 1', 'read 1']);
  });

  it('frames of -k are no calls', () => {
    const text = `close(3) = 0
 > /usr/lib/libc.so.6(close+0x17) [0xf6f57]
 > /usr/bin/cat() [0x2a5e]
 > unexpected_backtracing_error [0x7ffe]`;
    assert.deepEqual([calls(text), unknown(text)], [['close 1'], []]);
  });

  it('calls that were interrupted are put together', () => {
    const text = `7  clone(child_stack=NULL, flags=CLONE_NEWNET|SIGCHLD <unfinished ...>
8  wait4(-1,  <unfinished ...>
7  <... clone resumed>, child_tidptr=0x7f) = 9
8  <... wait4 resumed>0x7ffd, WNOHANG, NULL) = -1 ECHILD (No child processes)`;
    assert.deepEqual(calls(text), ['clone 1', 'wait4 1 (1)']);
    assert.deepEqual(variants(text), [`clone(${0x40000011})`, 'wait4()']);
  });

  it('an interrupted call may be resumed by a line without a process', () => {
    const text = `[pid 8] close(3) = 0
[pid 7] wait4(-1,  <unfinished ...>
[pid 8] +++ exited with 0 +++
<... wait4 resumed>NULL, 0, NULL) = 8`;
    assert.deepEqual(calls(text), ['close 1', 'wait4 1']);
  });

  it('a call without its end or without its begin counts', () => {
    assert.deepEqual(calls('7  read(0,  <unfinished ...>\n7  +++ killed by SIGKILL +++'), ['read 1']);
    assert.deepEqual(calls('7  read(0,  <unfinished ...>\n7  write(1,  <unfinished ...>'), ['read 1', 'write 1']);
    assert.deepEqual(calls('<... read resumed>"x", 1) = 1'), ['read 1']);
    assert.deepEqual(calls('exit_group(0'), ['exit_group 1']);
    assert.deepEqual(variants('<... ioctl resumed>TCGETS) = 0'), ['ioctl()'], 'positions are not known');
  });

  it('calls with something else in their middle are put together', () => {
    assert.deepEqual(calls('write(1, "hello\\n", 6hello\n)                  = 6'), ['write 1']);
    const text = `[pid 7] clone(child_stack=NULL, flags=SIGCHLDstrace: Process 8 attached
 <unfinished ...>
[pid 8] getpid() = 8
[pid 7] <... clone resumed>, child_tidptr=0x7f) = 8`;
    assert.deepEqual(
      [calls(text), variants(text)],
      [
        ['clone 1', 'getpid 1'],
        ['clone(17)', 'getpid()'],
      ],
    );
    assert.deepEqual(unknown(text), []);
  });

  it('results that are not known yet are no failures', () => {
    const text = 'rt_sigsuspend([], 8) = ? ERESTARTNOHAND (To be restarted if no handler)\nread(0, <detached ...>';
    assert.deepEqual(calls(text), ['read 1', 'rt_sigsuspend 1']);
    assert.deepEqual(calls('write(1, ") = -1 EPERM (x)", 14) = 14'), ['write 1']);
    assert.deepEqual(calls('restart_syscall(<... resuming interrupted read ...>) = 0'), ['restart_syscall 1']);
  });

  it('calls that only failed can be left out', () => {
    const text = 'access("/a", R_OK) = -1 ENOENT (No such file)\nopen("/a", 0) = -1 EPERM (x)\nopen("/b", 0) = 3';
    assert.deepEqual(calls(text, { onlySucceeded: true }), ['open 2 (1)']);
  });

  it('messages about the trace are no calls', () => {
    const text = `strace: Process 12 attached
/usr/bin/strace: Process 12 detached
Process 13 attached

[pid 12] --- stopped by SIGSTOP ---`;
    assert.deepEqual([calls(text), unknown(text)], [[], []]);
  });

  it('numbers stand for names', () => {
    assert.deepEqual(calls('syscall_0x29(0x1, 0x1, 0x0) = 3'), ['socket 1']);
    assert.deepEqual(unknown('syscall_0xfff1(0, 0) = -1 ENOSYS (Function not implemented)'), [
      '1: syscall_0xfff1(0, 0) = -1 ENOSYS (Function not implemented) ("syscall_0xfff1" is not a syscall)',
    ]);
  });

  it('lines that are none of it are kept with their numbers', () => {
    const text = 'hello\nprintf("x") = 1\n???? ( ) = 0\n????(1) = 0\nread(0, "x")';
    assert.deepEqual(unknown(text), [
      '1: hello',
      '2: printf("x") = 1 ("printf" is not a syscall)',
      '3: ???? ( ) = 0',
      '4: ????(1) = 0 (strace could not read which syscall it was)',
      '5: read(0, "x") (read is not called as strace prints it: "= " is missing)',
    ]);
  });
});

describe('modes of processes in a trace of strace', () => {
  it('are followed for each process', () => {
    const text = `7  getpid() = 7
[ Process PID=8 runs in 32 bit mode. ]
8  mmap2(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0) = 0xf7
8  getpid() = 8
7  getpid() = 7
[ Process PID=8 runs in x32 mode. ]
8  getppid() = 7`;
    assert.deepEqual(calls(text), [
      'getpid 1 SCMP_ARCH_X86',
      'getpid 2',
      'getppid 1 SCMP_ARCH_X32',
      'mmap2 1 SCMP_ARCH_X86',
    ]);
  });

  it('are those of the machine', () => {
    const text = '[ Process PID=8 runs in 32 bit mode. ]\nread(0, "", 1) = 0';
    assert.deepEqual(calls(text, { architecture: arch('AARCH64') }), ['read 1 SCMP_ARCH_ARM']);
    assert.deepEqual(calls(text, { architecture: arch('RISCV64') }), ['read 1 SCMP_ARCH_RISCV64']);
  });

  it('show by names and numbers that only one of them has', () => {
    assert.deepEqual(calls('fstat64(3, {st_mode=S_IFREG}) = 0'), ['fstat64 1 SCMP_ARCH_X86']);
    assert.deepEqual(calls('[  20] getpid() = 1'), ['getpid 1 SCMP_ARCH_X86']);
    assert.deepEqual(calls('umount("/x") = 0\noldselect(1, NULL) = 0'), ['select 1', 'umount2 1']);
  });
});

describe("strace's tables", () => {
  const table = `% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 90.10    0.000123          30         4         1 openat
  9.90    0.000000           0         2           read
  0.00    0.000000           0         3         3 access
------ ----------- ----------- --------- --------- ----------------
100.00    0.000123          13         9         4 total`;

  it('have the calls and the errors', () => {
    assert.deepEqual(calls(table), ['access 3 (3)', 'openat 4 (1)', 'read 2']);
    assert.deepEqual(unknown(table), []);
  });

  it('may have other columns', () => {
    const text = `syscall                 calls    errors
---------------- --------- ---------
read                     2
openat                   4         1
---------------- --------- ---------
total                    6         1`;
    assert.deepEqual([calls(text), unknown(text)], [['openat 4 (1)', 'read 2'], []]);
  });

  it('are one for each mode', () => {
    const text = `System call usage summary for 64 bit mode:\n${table}\nSystem call usage summary for 32 bit mode:\n${table}`;
    assert.deepEqual(calls(text).slice(0, 2), ['access 3 (3) SCMP_ARCH_X86', 'access 3 (3)']);
  });

  it('end with their sum: what looks like a row behind it is none', () => {
    assert.deepEqual(unknown(`${table}\n  0.00    0.000000           0         2           write`).length, 1);
  });
});

describe('arguments in a trace of strace', () => {
  it('are known where conditions can be made of them', () => {
    assert.deepEqual(variants('socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3'), ['socket(1)']);
    assert.deepEqual(variants('ioctl(0</dev/pts/0<char 136:0>>, SNDCTL_TMR_TIMEBASE or TCGETS, {c_iflags}) = 0'), [
      'ioctl(,21505)',
    ]);
    assert.deepEqual(variants('clone(child_stack=NULL, flags=CLONE_VM|SIGCHLD) = 5', { architecture: arch('S390X') }), [
      'clone(,273)',
    ]);
    assert.deepEqual(variants('prctl(PR_SET_NAME, "a, b)") = 0'), ['prctl(15)']);
  });

  it('are open where one call does not tell them', () => {
    assert.deepEqual(variants('ioctl(0, TCGETS) = 0\nioctl(0, _IOC(_IOC_READ, 0x54, 0x30, 4)) = 0'), ['ioctl()']);
    assert.deepEqual(variants('read(0, "x", 1) = 1'), ['read()']);
  });
});
