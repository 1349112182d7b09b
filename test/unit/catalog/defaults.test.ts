import assert from 'node:assert/strict';
import {
  type DefaultProfileId,
  type DefaultVerdict,
  defaultProfile,
  defaultProfiles,
  isSyscall,
} from '../../../server/src/catalog/index.ts';

interface Parsed {
  readonly archMap: readonly { readonly architecture: string; readonly subArchitectures: readonly string[] }[];
  readonly syscalls: readonly { readonly names: readonly string[] }[];
}

const parsed = (id: DefaultProfileId) => JSON.parse(defaultProfile(id).text) as Parsed;
const verdict = (id: DefaultProfileId, name: string) => defaultProfile(id).verdicts.get(name) ?? assert.fail(name);
const count = (id: DefaultProfileId, kind: DefaultVerdict['kind']) =>
  [...defaultProfile(id).verdicts.values()].filter((one) => one.kind === kind).length;

describe('default profiles', () => {
  it('name known syscalls only', () => {
    for (const { id } of defaultProfiles()) {
      const names = parsed(id as DefaultProfileId).syscalls.flatMap((rule) => rule.names);
      assert.deepEqual(
        names.filter((name) => !isSyscall(name)),
        [],
        id,
      );
    }
  });

  it('give a verdict on each of the 508 names', () => {
    for (const { id, verdicts } of defaultProfiles()) assert.equal(verdicts.size, 508, id);
  });

  it('deny by default, Podman with ENOSYS', () => {
    for (const { defaultAction } of defaultProfiles()) assert.equal(defaultAction, 'SCMP_ACT_ERRNO');
    assert.equal(defaultProfile('docker').defaultErrno, 1);
    assert.equal(defaultProfile('podman').defaultErrno, 38);
  });

  it('allow as many names as the releases do', () => {
    assert.equal(count('docker', 'allowed'), 361);
    assert.equal(count('docker', 'denied'), 82);
    assert.equal(count('docker-26', 'allowed'), 352);
    assert.equal(count('docker', 'architecture'), 13);
    assert.equal(count('docker', 'argument'), 3);
    assert.equal(count('docker', 'kernel'), 3);
  });

  it('say in words what a call needs', () => {
    assert.deepEqual(verdict('docker', 'openat'), { kind: 'allowed', when: '' });
    assert.deepEqual(verdict('docker', 'keyctl'), { kind: 'denied', when: '' });
    assert.deepEqual(verdict('docker', 'mount'), { kind: 'capability', when: 'with CAP_SYS_ADMIN' });
    assert.deepEqual(verdict('docker', 'bpf'), { kind: 'capability', when: 'with CAP_SYS_ADMIN, or with CAP_BPF' });
    assert.deepEqual(verdict('docker', 'ptrace'), { kind: 'kernel', when: 'from Linux 4.8, or with CAP_SYS_PTRACE' });
    assert.deepEqual(verdict('docker', 'arch_prctl'), { kind: 'architecture', when: 'on amd64, x32' });
    assert.deepEqual(verdict('docker', 'clone3'), {
      kind: 'capability',
      when: 'with CAP_SYS_ADMIN, otherwise ENOSYS',
    });
  });

  it('say in words what the arguments must be', () => {
    assert.deepEqual(verdict('docker', 'clone'), {
      kind: 'argument',
      when: 'with CAP_SYS_ADMIN, or when flags has none of CLONE_NEW(NS|CGROUP|UTS|IPC|USER|PID|NET)',
    });
    assert.match(
      verdict('docker', 'personality').when,
      /^when persona = PER_LINUX \(0\), = PER_LINUX32 \(8\), .* or = /,
    );
  });

  it('know which calls Docker 28 allowed anew', () => {
    const added = [...defaultProfile('docker').verdicts]
      .filter(([name, { kind }]) => kind === 'allowed' && verdict('docker-26', name).kind !== 'allowed')
      .map(([name]) => name);
    assert.deepEqual(added, [
      'getxattrat',
      'listmount',
      'listxattrat',
      'mseal',
      'removexattrat',
      'riscv_hwprobe',
      'setxattrat',
      'statmount',
      'uretprobe',
    ]);
  });

  it("say the same of containerd's as of Docker 26's, which it follows", () => {
    const differing = [...defaultProfile('containerd').verdicts]
      .filter(([name, { kind }]) => kind !== verdict('docker-26', name).kind)
      .map(([name]) => name);
    assert.deepEqual(differing, []);
    assert.deepEqual(
      parsed('containerd').archMap.find(({ architecture }) => architecture === 'SCMP_ARCH_X86_64')?.subArchitectures,
      ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
    );
    assert.equal(verdict('containerd', 'clone').when, verdict('docker', 'clone').when);
  });

  it('show Podman more open where it relies on capabilities', () => {
    for (const name of ['mount', 'unshare', 'clone3', 'keyctl', 'ptrace'])
      assert.equal(verdict('podman', name).kind, 'allowed', name);
    assert.match(verdict('podman', 'bpf').when, /otherwise EPERM$/);
  });
});
