import assert from 'node:assert/strict';
import { refusals } from '../../../server/src/policy/refuse.ts';
import type { Target } from '../../../server/src/policy/target.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { allowing, ROWS, rule } from './refuse-cases.ts';

function refused(profile: unknown, runtime: Target['runtime'] = 'docker', more: Partial<Target> = {}): string[] {
  const parsed = parseProfile(typeof profile === 'string' ? profile : JSON.stringify(profile)).profile!;
  return refusals(parsed, { ...defaultTarget(), runtime, ...more }).map((refusal) => refusal.message);
}

describe('what refuses', () => {
  for (const { title, profile, by, not } of ROWS)
    it(title, () => {
      for (const runtime of by) assert.equal(refused(profile, runtime).length > 0, true, `${runtime} takes it`);
      for (const runtime of not) assert.deepEqual(refused(profile, runtime), [], runtime);
    });

  it('is told with the reason, the runtime and the rule', () => {
    const parsed = parseProfile(JSON.stringify(allowing(rule({}), rule({ errnoRet: 4095 })))).profile!;
    const [refusal] = refusals(parsed, defaultTarget());
    assert.match(refusal?.message ?? '', /4095.*4094.*Docker refuses/);
    assert.equal(refusal?.rule?.position, 1);
    assert.equal(parsed.view.node.start <= refusal!.span.start, true);
  });

  it('lists the big-endian architectures on a big-endian host as taken', () => {
    const profile = { ...allowing(), architectures: ['SCMP_ARCH_S390'] };
    assert.deepEqual(refused(profile, 'docker', { architecture: 'SCMP_ARCH_S390X' }), []);
  });

  it('is also what a later member of the same key replaces, however deep: Go decodes it first', () => {
    const one = (members: string): string =>
      `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"${members}}]}`;
    for (const text of [
      '{"defaultAction": 5, "defaultAction": "SCMP_ACT_ALLOW"}',
      one(', "errnoRet": 1.5, "errnoRet": 2'),
      one(', "includes": {"caps": [5]}, "includes": {}'),
      '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"args": [{"op": 1}]}], "syscalls": []}',
    ]) {
      assert.equal(refused(text).length, 1, text);
      assert.equal(refused(text, 'podman').length, 1, text);
    }
    const filtered = one(', "excludes": {"minKernel": 5}, "excludes": {}');
    assert.equal(refused(filtered).length, 1);
    for (const runtime of ['podman', 'runc', 'crun'] as const)
      assert.deepEqual(refused(filtered, runtime), [], `${runtime} does not know the key`);
    assert.deepEqual(refused(one(', "errnoRet": null, "errnoRet": 2')), []);
    // null among objects does its harm only after that (measured with Podman)
    assert.deepEqual(refused(one(', "args": [null], "args": []')), []);
    assert.deepEqual(refused('{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [null], "syscalls": []}'), []);
  });

  it('depends on the releases where they are told', () => {
    const [docker, runc] = [{ engine: '20.10.24', loader: '1.1.5' }, { loader: '1.1.5' }];
    const flagged = { ...allowing(), flags: ['SECCOMP_FILTER_FLAG_LOG'] };
    assert.match(refused(flagged, 'runc', { releases: runc })[0] ?? '', /runc 1\.1\.5 does not know/);
    assert.deepEqual(refused(flagged, 'runc', { releases: { loader: '1.2.0' } }), []);
    assert.deepEqual(refused(flagged, 'docker', { releases: docker }), [], 'Docker does not pass it on');
    const asking = { ...allowing(rule({ action: 'SCMP_ACT_NOTIFY' })), listenerPath: '/run/agent' };
    assert.equal(refused(asking, 'docker', { releases: docker }).length, 1);
    assert.deepEqual(refused(asking, 'docker'), []);
    const riscv = { ...allowing(), architectures: ['SCMP_ARCH_RISCV64'] };
    assert.equal(refused(riscv, 'runc', { releases: runc }).length, 1);
    assert.deepEqual(refused(riscv, 'runc'), []);
    const unread = { ...allowing(rule({ name: 'getuid', excludes: { arches: ['amd64'] } })), defaultErrnoRet: '5' };
    assert.deepEqual(refused(unread, 'docker', { releases: docker }), []);
    assert.equal(refused(unread, 'docker').length, 2);
  });
});
