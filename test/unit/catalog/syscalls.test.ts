import assert from 'node:assert/strict';
import { argumentsOn, isSyscall, libcAlias, syscall, syscallNames } from '../../../server/src/catalog/index.ts';

const all = syscallNames().map((name) => syscall(name) ?? assert.fail(name));
const argumentNames = (list: ReturnType<typeof argumentsOn>) => list?.map(({ name }) => name);

describe('the syscall catalogue', () => {
  it('has the 508 names of libseccomp 2.6.1, sorted', () => {
    assert.equal(syscallNames().length, 508);
    assert.deepEqual(syscallNames(), [...syscallNames()].sort());
    assert.equal(new Set(syscallNames()).size, 508);
  });

  it('has a one-line summary for every name', () => {
    for (const { name, summary } of all) assert.match(summary, /^[^\s\\][^\n\\]{5,120}$/, name);
  });

  it('has a manual page for 454 names', () => {
    assert.equal(all.filter(({ page }) => page !== undefined).length, 454);
    assert.equal(syscall('openat')?.page, 'open');
    assert.equal(syscall('mq_timedsend_time64')?.page, 'mq_timedsend');
    assert.equal(syscall('fchmodat2')?.page, undefined);
  });

  it('has arguments for every name that a kernel ever implemented', () => {
    for (const { name, args, status } of all) assert.equal(args === undefined, status === 'never', name);
  });

  it('has at most six arguments, each with a name and a type', () => {
    for (const { name, args = [] } of all) {
      assert.ok(args.length <= 6, name);
      for (const argument of args) assert.match(`${argument.type} ${argument.name}`, /^[a-z_][\w *]* \w+$/, name);
      assert.equal(new Set(argumentNames(args)).size, args.length, name);
    }
  });

  it('has a kernel version for every name but 23', () => {
    const known = all.filter(({ kernel }) => kernel !== undefined);
    for (const { name, kernel = '' } of known) assert.match(kernel, /^\d+(\.\d+)+$/, name);
    assert.equal(known.length, 508 - 23);
  });

  it('counts names by libseccomp release as its tables do', () => {
    const upTo = (...releases: string[]) => all.filter(({ libseccomp }) => releases.includes(libseccomp)).length;
    assert.equal(upTo('2.0.0'), 382);
    assert.equal(upTo('2.5.2'), 478 - 469);
    assert.equal(upTo('2.5.5'), 487 - 481);
    assert.equal(upTo('2.5.6'), 499 - 487);
    assert.equal(upTo('2.6.0'), 502 - 499);
    assert.equal(upTo('2.6.1'), 508 - 502);
  });

  it('names arguments as the kernel counts them', () => {
    assert.deepEqual(argumentNames(syscall('pselect6')?.args), [
      'nfds',
      'readfds',
      'writefds',
      'exceptfds',
      'timeout',
      'sigmask',
    ]);
    assert.deepEqual(argumentNames(syscall('fchmodat')?.args), ['dirfd', 'path', 'mode']);
    assert.deepEqual(argumentNames(syscall('getpid')?.args), []);
  });

  it('knows that clone takes its flags at another index on s390', () => {
    const flagsAt = (arch: Parameters<typeof argumentsOn>[1]) =>
      argumentNames(argumentsOn('clone', arch))?.indexOf('flags');
    assert.equal(flagsAt('x86_64'), 0);
    assert.equal(flagsAt('aarch64'), 0);
    assert.equal(flagsAt('s390x'), 1);
    assert.equal(flagsAt('s390'), 1);
    assert.equal(argumentsOn('clone', 's390x')?.[1]?.decoder, 'clone');
    assert.equal(argumentNames(argumentsOn('clone', 'x86_64'))?.[3], 'child_tid');
    assert.equal(argumentNames(argumentsOn('clone', 'aarch64'))?.[3], 'tls');
  });

  it('knows the calls whose arguments are one structure on some architectures', () => {
    assert.deepEqual(argumentNames(argumentsOn('mmap', 'x86')), ['arg']);
    assert.equal(argumentsOn('mmap', 'x86_64')?.length, 6);
    assert.equal(argumentsOn('mmap', 's390x')?.length, 1);
    assert.equal(argumentsOn('select', 'x86')?.length, 1);
  });

  it('splits 64-bit values where registers have 32 bits, in the byte order of the architecture', () => {
    assert.deepEqual(argumentNames(argumentsOn('pread64', 'x86_64')), ['fd', 'buf', 'count', 'offset']);
    assert.deepEqual(argumentNames(argumentsOn('pread64', 'x86'))?.slice(3), ['offset_lo', 'offset_hi']);
    assert.deepEqual(argumentNames(argumentsOn('pread64', 'arm'))?.slice(3), ['pad', 'offset_lo', 'offset_hi']);
    assert.deepEqual(argumentNames(argumentsOn('pread64', 'ppc'))?.slice(3), ['pad', 'offset_hi', 'offset_lo']);
    assert.deepEqual(argumentNames(argumentsOn('fadvise64_64', 'ppc'))?.slice(0, 2), ['fd', 'advice']);
  });

  it('tells how many bits of an argument the kernel reads', () => {
    const bits = (name: string) => syscall(name)?.args?.map((argument) => argument.bits);
    assert.deepEqual(bits('socket'), [32, 32, 32]);
    assert.deepEqual(bits('openat'), [32, 64, 32, 32]);
    assert.deepEqual(bits('ioctl'), [32, 32, 64]);
    assert.deepEqual(bits('clone')?.slice(0, 1), [64]);
    assert.deepEqual(bits('prctl'), [32, 64, 64, 64, 64]);
  });

  it('marks pointers, whose content no filter sees', () => {
    const pointers = syscall('openat2')?.args?.map(({ pointer }) => pointer);
    assert.deepEqual(pointers, [false, true, true, false]);
  });

  it('has twins that are syscalls and no twins themselves', () => {
    const twins = all.filter(({ twin }) => twin !== undefined);
    assert.equal(twins.length, 43);
    for (const { name, twin = '' } of twins) {
      assert.ok(isSyscall(twin), name);
      assert.notEqual(twin, name);
      assert.equal(syscall(twin)?.twin, undefined, `${name} -> ${twin} -> ?`);
    }
    assert.equal(syscall('getuid32')?.twin, 'getuid');
    assert.equal(syscall('futex_time64')?.twin, 'futex');
  });

  it('knows no other names', () => {
    for (const name of ['getuidd', 'GETUID', '', 'toString', '__proto__', '39']) {
      assert.equal(isSyscall(name), false, name);
      assert.equal(syscall(name), undefined, name);
      assert.equal(argumentsOn(name, 'x86_64'), undefined, name);
    }
  });
});

describe('names that are no syscalls', () => {
  it('leads from libc functions to syscalls', () => {
    assert.deepEqual(libcAlias('pread'), ['pread64']);
    assert.deepEqual(libcAlias('execvp'), ['execve']);
    assert.deepEqual(libcAlias('wait'), ['wait4']);
  });

  it('takes the prefixes of headers and kernel symbols off', () => {
    assert.deepEqual(libcAlias('sys_getuid'), ['getuid']);
    assert.deepEqual(libcAlias('__NR_openat'), ['openat']);
    assert.equal(libcAlias('sys_debug_setcontext'), undefined);
  });

  it('has nothing for syscalls and for unknown words', () => {
    for (const name of ['openat', 'mkdirr', 'constructor', '']) assert.equal(libcAlias(name), undefined, name);
  });
});
