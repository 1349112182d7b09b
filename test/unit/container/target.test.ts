import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Engine } from '../../../server/container/engine.ts';
import { gentleFor } from '../../../server/container/hazard.ts';
import { containerTarget } from '../../../server/container/target.ts';
import { policyOf, verdictOf } from '../../../server/src/policy/policy.ts';
import { refusals } from '../../../server/src/policy/refuse.ts';
import { loaderOf } from '../../../server/src/policy/target.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { ENGINE as DOCKER } from './fake.ts';

const PODMAN: Engine = { ...DOCKER, kind: 'podman', version: '5.4.2', runtime: { name: 'crun', version: '1.28' } };

const parsed = (profile: object) => parseProfile(JSON.stringify(profile)).profile!;
const allowList = parsed({
  defaultAction: 'SCMP_ACT_ERRNO',
  syscalls: [{ names: ['read', 'openat'], action: 'SCMP_ACT_ALLOW' }],
});

/** What a call newer than all that the profile names gets. */
function newerCall(engine: Engine, options: readonly string[] = []): string {
  const { outcome, reason } = verdictOf(policyOf(allowList, containerTarget(engine, options))!, 'openat2')!.otherwise;
  return `${outcome.errno} by ${reason.kind}`;
}

describe('the target that a container is', () => {
  it('has the releases of engine and loader, without what a distribution adds to them', () => {
    const debian = { ...DOCKER, version: '20.10.24+dfsg1', runtime: { name: 'runc', version: '1.1.5+ds1' } };
    assert.deepEqual(containerTarget(debian, []).releases, { engine: '20.10.24', loader: '1.1.5' });
    assert.deepEqual(containerTarget({ ...PODMAN, version: 'unknown' }, []).releases, { loader: '1.28' });
    assert.deepEqual(containerTarget({ ...DOCKER, runtime: { name: 'runc' } }, []).releases, { engine: '28.5.2' });
  });

  it('is loaded by the runtime that the engine names', () => {
    const loader = (engine: Engine, ...options: readonly string[]) => loaderOf(containerTarget(engine, options));
    assert.equal(loader(DOCKER), 'runc');
    assert.equal(loader({ ...DOCKER, runtime: { name: 'crun' } }), 'crun');
    assert.equal(loader(PODMAN), 'crun');
    assert.equal(loader({ ...PODMAN, runtime: { name: 'runc', version: '1.3.0' } }), 'runc');
    assert.equal(loader({ ...DOCKER, runtime: { name: 'io.containerd.runc.v2' } }), 'runc');
    // of one that is not known the engine's usual one is assumed, and no release
    assert.equal(loader({ ...PODMAN, runtime: { name: 'kata', version: '3.2.0' } }), 'crun');
    assert.deepEqual(containerTarget({ ...PODMAN, runtime: { name: 'kata', version: '3.2.0' } }, []).releases, {
      engine: '5.4.2',
    });
  });

  it('is loaded by the runtime that the options ask for', () => {
    const target = containerTarget(DOCKER, ['--runtime', 'crun']);
    assert.deepEqual([target.loader, target.releases], ['crun', { engine: '28.5.2' }]);
    assert.equal(containerTarget(DOCKER, ['--runtime=runc']).releases?.loader, '1.3.6');
  });

  it('answers newer calls as its loader does, whatever the engine', () => {
    const runc = { name: 'runc', version: '1.3.0' };
    assert.equal(newerCall(DOCKER), '38 by stub');
    assert.equal(newerCall(DOCKER, ['--runtime', 'crun']), '1 by default');
    assert.equal(newerCall({ ...DOCKER, runtime: { name: 'crun' } }), '1 by default');
    assert.equal(newerCall(PODMAN), '1 by default');
    assert.equal(newerCall({ ...PODMAN, runtime: runc }), '38 by stub');
    assert.equal(newerCall({ ...DOCKER, runtime: { ...runc, version: '1.1.5+ds1' } }), '1 by default');
    assert.equal(newerCall({ ...DOCKER, runtime: { ...runc, version: '1.1.15' } }), '38 by stub');
  });

  it('is refused what its loader refuses', () => {
    const notify = parsed({ defaultAction: 'SCMP_ACT_NOTIFY' });
    const refused = (engine: Engine) => refusals(notify, containerTarget(engine, [])).length > 0;
    assert.equal(refused({ ...PODMAN, runtime: { name: 'runc' } }), true);
    assert.equal(refused(PODMAN), false);
  });

  it('is tried gently unless its loader is known to have one thread', () => {
    const profile = '{"defaultAction":"SCMP_ACT_KILL"}';
    const gentle = (engine: Engine, ...options: readonly string[]) =>
      gentleFor({ engine, options }, profile) !== profile;
    const crun = { ...DOCKER, runtime: { name: 'crun' } };
    assert.deepEqual([gentle(DOCKER), gentle(crun), gentle(PODMAN)], [true, false, false]);
    assert.deepEqual([gentle(DOCKER, '--runtime=crun'), gentle(crun, '--runtime', 'runc')], [false, true]);
    assert.equal(gentle({ ...PODMAN, runtime: { name: 'kata' } }), true);
  });
});
