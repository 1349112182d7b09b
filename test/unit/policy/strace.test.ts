import assert from 'node:assert/strict';
import { architecture, argumentsOn, decoder, namesOn } from '../../../server/src/catalog/index.ts';
import { callInWords, parseCall } from '../../../server/src/policy/strace.ts';

const arch = (name: string) => architecture(`SCMP_ARCH_${name}`)!;

/** The call as one line: `socket 38 5 0`; unknown arguments are `?`. */
function parsed(text: string, on = 'X86_64'): string {
  const call = parseCall(text, arch(on));
  assert.ok(!('error' in call), 'error' in call ? call.error : '');
  return [call.name, ...call.args.map((value) => value ?? '?')].join(' ');
}

function refused(text: string): string {
  const call = parseCall(text, arch('X86_64'));
  assert.ok('error' in call, `${text} was read`);
  return call.error;
}

describe('a call as strace prints it', () => {
  it('is read by position', () => {
    assert.equal(parsed('socket(AF_ALG, SOCK_SEQPACKET, 0)'), 'socket 38 5 0');
    assert.equal(parsed('openat(AT_FDCWD, "/x", O_RDONLY|O_CLOEXEC) = 3'), 'openat 4294967196 ? 524288');
    assert.equal(parsed('getpid() = 12'), 'getpid');
  });

  it('is read by the names of arguments, also as strace calls them', () => {
    assert.equal(
      parsed('clone(child_stack=NULL, flags=CLONE_NEWUSER|SIGCHLD, child_tidptr=0x7f00) = 5'),
      `clone ${0x10000011} 0 ? ${0x7f00}`,
    );
    assert.equal(parsed('clone(flags=SIGCHLD)', 'S390X'), 'clone ? 17');
    assert.equal(parsed('ioctl(arg1=0x5412)'), 'ioctl ? 21522');
  });

  it('is read as a bare name', () => assert.equal(parsed('  bpf '), 'bpf'));

  it('may have a process, a time and a result', () => {
    assert.equal(parsed('[pid   123] kill(1, SIGTERM) = -1 EPERM (Operation not permitted)'), 'kill 1 15');
    assert.equal(parsed('123 12:30:01.5 kill(1, 9) = 0'), 'kill 1 9');
    assert.equal(parsed('1699999999.123456 kill(1, 9) = 0'), 'kill 1 9');
    assert.equal(parsed('read(3, <unfinished ...>'), 'read 3');
  });

  it('takes numbers of every kind', () => {
    assert.equal(parsed('kill(0x10, 010)'), 'kill 16 8');
    assert.equal(parsed('kill(-1, 0)'), 'kill 4294967295 0', 'an int has 32 bits');
    assert.equal(parsed('lseek(3, -1, SEEK_END)'), 'lseek 3 18446744073709551615 2');
    assert.equal(parsed('lseek(3, -1, SEEK_END)', 'X86'), 'lseek 3 4294967295 2');
    assert.equal(parsed('socket(0x100000028, 0, 0)'), 'socket 4294967336 0 0');
    assert.equal(parsed('mkdir("/x", 0755)'), 'mkdir ? 493');
    assert.equal(parsed('kill(1<<3, 9)'), 'kill 8 9');
    assert.equal(parsed('close(3</etc/pass wd>)'), 'close 3');
  });

  it('leaves what lies in memory open', () => {
    assert.equal(parsed('clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD}, 88)'), 'clone3 ? 88');
    assert.equal(parsed('execve("/bin/a, b)", ["x", "\\")"], 0x7ffd /* 23 vars */)'), 'execve ? ? 32765');
    assert.equal(parsed('connect(3, {sa_family=AF_INET, sin_port=htons(53)}, 16)'), 'connect 3 ? 16');
    assert.equal(parsed('prctl(PR_CAPBSET_READ, CAP_CHOWN)'), 'prctl 23 ?', 'no table has capabilities');
  });

  it('knows values that belong to another argument, and futex operations', () => {
    assert.equal(parsed('futex(0x10, FUTEX_WAKE_PRIVATE, 1)'), 'futex 16 129 1');
    assert.equal(parsed('prctl(PR_SET_PDEATHSIG, SIGKILL)'), 'prctl 1 9');
  });

  it('uses the numbers of the architecture', () => {
    assert.equal(parsed('socket(AF_INET, SOCK_STREAM, 0)', 'MIPS'), 'socket 2 2 0');
    assert.equal(parsed('socket(AF_INET, SOCK_STREAM, 0)'), 'socket 2 1 0');
  });

  it('is refused with the reason', () => {
    assert.match(refused(''), /Give a syscall/);
    assert.match(refused('sokcet(1)'), /"sokcet" is not a syscall; did you mean socket\?/);
    assert.match(refused('execvp("x")'), /function of the C library.*execve/);
    assert.match(refused('socket(AF_INT, 1, 0)'), /"AF_INT" is not a known value of "domain"; did you mean AF_INET\?/);
    assert.match(refused('socket(1, 2'), /not closed/);
    assert.match(refused('socket(1, 2, 3, 4)'), /socket takes 3 arguments, not more/);
    assert.match(refused('getpid(1)'), /getpid takes no arguments/);
    assert.match(refused('socket(family=1)'), /socket has no argument "family"; it has domain, type, protocol/);
    assert.match(refused('socket(1 + 1, 2, 3)'), /"1 \+ 1" is neither a number/);
    assert.match(refused('kill(0x10000000000000000, 9)'), /more than 64 bits/);
    assert.match(refused('socket 1'), /not expected behind socket/);
  });
});

describe('a call in words', () => {
  const words = (name: string, ...args: bigint[]) => callInWords(name, args, 'x86_64');

  it('names arguments and values', () => {
    assert.equal(words('socket', 38n, 0n, 0n), 'socket(domain=AF_ALG)');
    assert.equal(words('clone', 0x10000011n), 'clone(flags=SIGCHLD|CLONE_NEWUSER)');
    assert.equal(words('socket', 0n), 'socket(domain=AF_UNSPEC)');
    assert.equal(words('getpid'), 'getpid()');
    assert.equal(words('lseek', 3n, 0x700000000n), 'lseek(fd=3, offset=0x700000000)');
  });

  it('is read again as the same call', () => {
    for (const name of namesOn('x86_64'))
      for (const [at, argument] of (argumentsOn(name, 'x86_64') ?? []).entries()) {
        const known = argument.decoder ? (decoder(argument.decoder, 'x86_64')?.values ?? []) : [];
        for (const value of [...known.map((one) => one.value), 1n, 0x1234567n, 0xffffffff00000001n]) {
          const args = [0n, 0n, 0n, 0n, 0n, 0n].with(at, value);
          const text = callInWords(name, args, 'x86_64');
          const call = parseCall(text, arch('X86_64'));
          assert.ok(!('error' in call), `${text}: ${'error' in call && call.error}`);
          assert.equal(call.args[at] ?? 0n, value, text);
        }
      }
  });
});
