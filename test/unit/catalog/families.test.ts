import assert from 'node:assert/strict';
import { dangerOf, dangers, families, familiesOf, isSyscall } from '../../../server/src/catalog/index.ts';

/** What else reaches an effect of a name, detours in brackets. */
const others = (name: string) =>
  familiesOf(name).flatMap((family) =>
    family.members
      .filter((member) => member.name !== name)
      .map((member) => (member.through ? `${member.name} (${member.through})` : member.name)),
  );

describe('families', () => {
  it('have at least two members, all of them syscalls, none twice', () => {
    for (const { id, effect, members } of families()) {
      const names = members.map(({ name }) => name);
      assert.ok(names.length > 1, id);
      assert.equal(new Set(names).size, names.length, id);
      for (const name of names) assert.ok(isSyscall(name), `${id}: ${name}`);
      assert.match(effect, /^[a-z].*[^.]$/, id);
    }
  });

  it('are found from each of their members', () => {
    for (const family of families())
      for (const { name } of family.members) assert.ok(familiesOf(name).includes(family), `${family.id}: ${name}`);
  });

  it('tell what a deny-list of mkdir, chmod and chown leaves open', () => {
    assert.deepEqual(others('mkdir'), ['mkdirat', 'io_uring_setup (IORING_OP_MKDIRAT)']);
    assert.deepEqual(others('chmod'), ['fchmod', 'fchmodat', 'fchmodat2']);
    assert.deepEqual(others('chown'), ['lchown', 'fchown', 'fchownat', 'chown32', 'lchown32', 'fchown32']);
  });

  it('tell the other ways to open, mount and connect', () => {
    assert.deepEqual(others('open').slice(0, 3), ['openat', 'openat2', 'creat']);
    assert.ok(others('mount').some((name) => name.startsWith('fsmount')));
    assert.ok(others('connect').includes('socketcall (SYS_CONNECT)'));
  });

  it('are none for a name without an equivalent', () => {
    assert.deepEqual(familiesOf('getpid'), []);
    assert.deepEqual(familiesOf('nonsense'), []);
  });
});

describe('dangers', () => {
  it('are syscalls with a reason, each once', () => {
    const names = dangers().map(({ syscall }) => syscall);
    assert.ok(names.length >= 80 && names.length <= 100, String(names.length));
    assert.equal(new Set(names).size, names.length);
    for (const { syscall, why } of dangers()) {
      assert.ok(isSyscall(syscall), syscall);
      assert.match(why, /^[a-z].{10,120}[^.]$/, syscall);
    }
  });

  it('are found by name', () => {
    assert.equal(dangerOf('init_module')?.tier, 1);
    assert.equal(dangerOf('ptrace')?.tier, 2);
  });

  it('leave out what every program needs', () => {
    for (const name of ['clone', 'clone3', 'socket', 'execve', 'ioctl', 'prctl', 'mmap', 'openat', 'seccomp'])
      assert.equal(dangerOf(name), undefined, name);
  });
});
