import assert from 'node:assert/strict';
import { cli, dockerDefault, folder, KILLING, TUTORIAL } from './run.ts';

const looser = {
  ...KILLING,
  syscalls: [
    { names: ['ptrace', 'write', 'read', 'mount'], action: 'SCMP_ACT_ALLOW' },
    ...KILLING.syscalls.slice(0, 3),
  ],
};

describe('diff', () => {
  const file = folder();
  let before = '';
  let after = '';
  beforeEach(() => {
    before = file('before.json', KILLING);
    after = file('after.json', looser);
  });

  it('shows what is looser, the dangerous first', () => {
    const { status, stdout, stderr } = cli(['diff', before, after, '--runtime', 'podman']);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(
      stdout,
      /^Looser \(2\)\n {2}mount on x86_64, x86: .* -> allowed\n {2}ptrace on x86_64, x86: kills the process -> allowed$/m,
    );
  });

  it('prints it for programs', () => {
    const { target, syscalls, unnamed } = JSON.parse(
      cli(['diff', before, after, '--json', '--runtime', 'podman']).stdout,
    );
    assert.deepEqual([target.runtime, unnamed], ['podman', null]);
    const [mount] = syscalls;
    assert.deepEqual([mount.name, mount.change, mount.whole], ['mount', 'looser', true]);
    assert.deepEqual(mount.architectures, ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86']);
    assert.deepEqual(mount.differences[0].after, { action: 'SCMP_ACT_ALLOW', errno: null, rule: 0 });
    assert.equal(mount.differences[0].before.action, 'SCMP_ACT_KILL');
  });

  it('fails on looser profiles where that is asked for', () => {
    assert.equal(cli(['diff', before, after, '--fail-on', 'looser']).status, 1);
    assert.equal(cli(['diff', after, before, '--fail-on', 'looser']).status, 0);
    assert.equal(cli(['diff', after, before, '--fail-on', 'any']).status, 1);
  });

  it('knows the built-in profiles by name', () => {
    const docker = file('docker.json', dockerDefault());
    const { status, stdout } = cli(['diff', docker, 'docker-default', '--fail-on', 'any']);
    assert.equal(status, 0);
    assert.match(stdout, /^docker-default does the same as /);
    const podman = cli(['diff', 'docker-default', 'podman-default', '--fail-on', 'looser']);
    assert.equal(podman.status, 1);
    assert.match(podman.stdout, /^Looser \(\d+\)$/m);
  });

  it('shows a difference in arguments by a call', () => {
    const condition = (value: number): object => ({
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ names: ['personality'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }] }],
    });
    const { stdout } = cli(['diff', file('a.json', condition(5)), file('b.json', condition(7))]);
    assert.match(stdout, /^Changed \(1\)\n {2}personality on x86_64\n/m);
    assert.match(stdout, /^ {4}personality\(persona=5\): allowed -> fails with EPERM$/m);
  });

  it('reads one side from standard input', () => {
    assert.equal(cli(['diff', before, '-', '--fail-on', 'any'], JSON.stringify(KILLING)).status, 0);
  });

  it('ends with 2 where a side is refused', () => {
    const { status, stdout, stderr } = cli(['diff', 'docker-default', TUTORIAL]);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /A comma is missing/);
  });
});
