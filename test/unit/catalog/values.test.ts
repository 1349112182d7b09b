import assert from 'node:assert/strict';
import {
  choices,
  decoder,
  decoderIds,
  describeValue,
  flagsOf,
  syscall,
  syscallNames,
} from '../../../server/src/catalog/index.ts';

const known = (id: string) => decoder(id) ?? assert.fail(id);

describe('argument values', () => {
  it('have a decoder for every argument that names one', () => {
    const used = syscallNames().flatMap((name) => syscall(name)?.args?.map((argument) => argument.decoder) ?? []);
    for (const id of used.filter((one) => one !== undefined)) known(id);
    assert.ok(new Set(used).size > 100);
  });

  it('are unsigned and have names, in ascending order', () => {
    for (const id of decoderIds()) {
      const { values } = known(id);
      assert.notEqual(values.length, 0, id);
      assert.deepEqual(
        values.map(({ value }) => value),
        values.map(({ value }) => value).toSorted((a, b) => (a < b ? -1 : Number(a > b))),
        id,
      );
      for (const { name, value } of values) assert.ok(value >= 0n && value < 1n << 53n && name !== '', `${id} ${name}`);
    }
  });

  it("tell the mask of Docker's default profile", () => {
    const names = ['NEWNS', 'NEWCGROUP', 'NEWUTS', 'NEWIPC', 'NEWUSER', 'NEWPID', 'NEWNET'];
    assert.equal(describeValue('clone', 2114060288n), names.map((name) => `CLONE_${name}`).join(' | '));
  });

  it("keep clone's exit signal apart from its flags", () => {
    assert.equal(describeValue('clone', 0x11n), 'SIGCHLD');
    assert.equal(describeValue('clone', 0x100n | 0x11n), 'SIGCHLD | CLONE_VM');
    assert.equal(describeValue('clone', 0x80n), '');
    assert.equal(describeValue('unshare', 0x80n), 'CLONE_NEWTIME');
  });

  it('name one of several', () => {
    assert.equal(describeValue('domain', 38n), 'AF_ALG');
    assert.equal(describeValue('domain', 40n), 'AF_VSOCK');
    assert.equal(describeValue('domain', 255n), '');
    assert.equal(describeValue('dirfd', 0xffffff9cn), 'AT_FDCWD');
  });

  it('add flags up and leave the rest in hexadecimal', () => {
    assert.equal(describeValue('socktype', 0x80001n), 'SOCK_STREAM | SOCK_CLOEXEC');
    assert.equal(describeValue('open', 0n), 'O_RDONLY');
    assert.equal(describeValue('open', 0o101n), 'O_WRONLY | O_CREAT');
    assert.equal(describeValue('open', 0x101000n), 'O_RDONLY | O_SYNC');
    assert.equal(describeValue('unshare', 0x40000001n), 'CLONE_NEWNET | 0x1');
    assert.equal(describeValue('unshare', 1n), '');
    assert.equal(describeValue('unshare', 0n), '');
    assert.equal(describeValue('prot', 0n), 'PROT_NONE');
    assert.equal(describeValue('personality', 0x20008n), 'PER_LINUX32 | UNAME26');
  });

  it('write modes in octal', () => {
    assert.equal(describeValue('mode', 0o644n), '0644');
    assert.equal(describeValue('mode', 0o4755n), 'S_ISUID | 0755');
    assert.equal(describeValue('mode', 0o20666n), 'S_IFCHR | 0666');
  });

  it('differ by architecture where the kernel does', () => {
    assert.equal(describeValue('open', 0x4000n, 'x86_64'), 'O_RDONLY | O_DIRECT');
    assert.equal(describeValue('open', 0x10000n, 'aarch64'), 'O_RDONLY | O_DIRECT');
    assert.equal(describeValue('socktype', 1n, 'mips'), 'SOCK_DGRAM');
    assert.equal(describeValue('signal', 10n, 'x86_64'), 'SIGUSR1');
    assert.equal(describeValue('signal', 16n, 'mips64'), 'SIGUSR1');
  });

  it('are told apart into choices and flags', () => {
    assert.deepEqual(
      choices(known('open')).map(({ name }) => name),
      ['O_RDONLY', 'O_WRONLY', 'O_RDWR'],
    );
    assert.ok(flagsOf(known('open')).some(({ name }) => name === 'O_CREAT'));
    assert.deepEqual(flagsOf(known('domain')), []);
    assert.deepEqual(choices(known('unshare')), []);
  });

  it('have a sentence where one helps', () => {
    const user = known('unshare').values.find(({ name }) => name === 'CLONE_NEWUSER');
    assert.match(user?.text ?? '', /user namespace/);
  });

  it('are unknown for an unknown decoder', () => {
    assert.equal(decoder('nonsense'), undefined);
    assert.equal(describeValue('nonsense', 1n), '');
  });
});
