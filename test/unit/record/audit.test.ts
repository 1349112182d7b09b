import assert from 'node:assert/strict';
import { arch, calls, unknown, variants } from './record.ts';

const fields = (token: string, number: number, code = '0x7ffc0000') =>
  `auid=4294967295 uid=0 gid=0 ses=4294967295 subj=unconfined pid=77 comm="sh" exe="/bin/sh" sig=0 arch=${token} syscall=${number} compat=0 ip=0x7f12 code=${code}`;

describe("the kernel's audit records", () => {
  const forms: Readonly<Record<string, string>> = {
    'in audit.log': `type=SECCOMP msg=audit(1699012345.678:99): ${fields('c000003e', 59)}`,
    'in dmesg': `[  567.086158] audit: type=1326 audit(1795660126.841:2): ${fields('c000003e', 59)}`,
    'in dmesg -T': `[Thu Nov 26 02:33:21 2026] audit: type=1326 audit(1795660126.841:2): ${fields('c000003e', 59)}`,
    'in syslog': `Nov 26 02:33:21 host kernel: [567.08] audit: type=1326 audit(1795660126.841:2): ${fields('c000003e', 59)}`,
    'in the journal': `Nov 26 02:33:21 host audit[77]: SECCOMP ${fields('c000003e', 59)}`,
    'of a node': `node=a type=SECCOMP msg=audit(1699012345.678:99): ${fields('c000003e', 59)}`,
    interpreted:
      'type=SECCOMP msg=audit(26/11/26 02:33:21.1:9) : auid=root pid=77 comm=sh sig=SIGSYS arch=x86_64 syscall=execve compat=0 ip=0x1 code=log',
  };
  for (const [form, line] of Object.entries(forms))
    it(`are read ${form}`, () => {
      assert.deepEqual(
        calls(line).map((call) => call.replace(' (1)', '')),
        ['execve 1'],
      );
      assert.deepEqual(unknown(line), []);
    });

  const seccomp = (token: string, number: number, code?: string) =>
    `audit: type=1326 audit(1.1:1): ${fields(token, number, code)}`;

  it('name the architecture', () => {
    assert.deepEqual(calls(seccomp('c00000b7', 221)), ['execve 1 SCMP_ARCH_AARCH64']);
    assert.deepEqual(calls(seccomp('40000003', 11)), ['execve 1 SCMP_ARCH_X86']);
    assert.deepEqual(calls(seccomp('c000003e', 0x40000000 + 520)), ['execve 1 SCMP_ARCH_X32']);
    assert.deepEqual(calls(seccomp('c0000015', 11)), ['execve 1 SCMP_ARCH_PPC64LE']);
    assert.deepEqual(calls(seccomp('80000015', 11)), ['execve 1 SCMP_ARCH_PPC64']);
    assert.match(unknown(seccomp('dead', 1))[0]!, /\("dead" is no known architecture\)$/);
    assert.match(unknown(seccomp('c000003e', 9999))[0]!, /SCMP_ARCH_X86_64 has no syscall 9999/);
  });

  it('tell what the filter stopped', () => {
    assert.deepEqual(calls(seccomp('c000003e', 59, '0x50001')), ['execve 1 (1)']);
    assert.deepEqual(calls(seccomp('c000003e', 59, '0x80000000')), ['execve 1 (1)']);
    assert.deepEqual(calls(seccomp('c000003e', 59, '0x7ffc0000')), ['execve 1']);
  });

  it('about syscalls have arguments', () => {
    const socket = (domain: string) =>
      `type=SYSCALL msg=audit(1.1:1): arch=c000003e syscall=41 success=no exit=-13 a0=${domain} a1=80001 a2=0 a3=7f items=0 ppid=1 pid=7 comm="x" exe="/x"`;
    assert.deepEqual(variants(`${socket('1')}\n${socket('10')}`), ['socket(1)', 'socket(16)']);
    assert.deepEqual(calls(socket('1')), ['socket 1 (1)']);
    assert.deepEqual(calls(socket('1'), { pids: new Set([8]) }), []);
  });

  it('of other kinds are no calls', () => {
    const text = `----
time->Wed Jun 12 22:23:12 2024
type=PROCTITLE msg=audit(1.1:1): proctitle=6C73
type=PATH msg=audit(1.1:1): item=0 name="/bin/ls" inode=12
audit: type=1309 audit(1.1:1): argc=1 a0="ls"`;
    assert.deepEqual([calls(text), unknown(text)], [[], []]);
  });

  it('that the kernel left out are told', () => {
    assert.deepEqual(unknown('[  572.08] kauditd_printk_skb: 15143 callbacks suppressed'), [
      '1: [  572.08] kauditd_printk_skb: 15143 callbacks suppressed (the kernel left records out here)',
    ]);
  });

  it('of old kernels are of the machine', () => {
    const line =
      'type=1701 audit(1.1:29): auid=1 uid=0 pid=7 comm="x" reason="seccomp" sig=0 syscall=63 compat=0 ip=0x7 code=0x50002';
    assert.deepEqual(calls(line, { architecture: arch('AARCH64') }), ['read 1 (1) SCMP_ARCH_AARCH64']);
  });
});
