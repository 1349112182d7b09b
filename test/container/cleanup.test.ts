import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { after, before, describe, it } from 'mocha';
import { execute, findEngine, sweep } from '../../server/container/index.ts';
import { LABEL, ownerOf } from '../../server/container/owner.ts';
import { addUserImage, call, docker, engineSettings, inventory, runTest } from './use-engine.ts';

const ALLOW = { defaultAction: 'SCMP_ACT_ALLOW' };
const IMAGE = 'sp-test:hang';

describe('what a test leaves behind', function () {
  this.timeout(60_000);

  before(() => addUserImage(IMAGE, [call('ppoll', 0, 0, 0, 0, 0)]));
  after(() => docker('image', 'rm', IMAGE));

  const STAGES = ['Looking for', 'Making a', 'Starting containers', `Running ${IMAGE}`];
  for (const stage of STAGES) {
    it(`nothing, when cancelled at "${stage}"`, async () => {
      const before = await inventory();
      const controller = new AbortController();
      const progress = (message: string) => message.startsWith(stage) && controller.abort();
      const { outcome, cleanup } = await runTest(ALLOW, { image: IMAGE }, { signal: controller.signal, progress });
      assert.equal(outcome.kind, 'cancelled');
      assert.deepEqual(cleanup?.left ?? [], []);
      assert.deepEqual(await inventory(), before);
    });
  }

  for (const after of [0, 50, 150, 300, 450, 600, 900, 1500]) {
    it(`nothing, when cancelled after ${after} ms`, async () => {
      const before = await inventory();
      const { outcome, cleanup } = await runTest(ALLOW, { image: IMAGE }, { signal: AbortSignal.timeout(after) });
      assert.equal(outcome.kind, 'cancelled');
      assert.deepEqual(cleanup?.left ?? [], []);
      assert.deepEqual(await inventory(), before);
    });
  }

  it('what a dead process left is swept, and nothing else', async () => {
    const dead = `${hostname()} ${spawnSync('true').pid} 1`;
    const make = (name: string, owner?: string) =>
      docker(
        'create',
        ...['--name', name, '--network', 'none'],
        ...(owner === undefined ? [] : ['--label', `${LABEL.run}=x`, '--label', `${LABEL.owner}=${owner}`]),
        IMAGE,
      );
    const before = await inventory();
    await make('sp-test-dead', dead);
    await make('sp-test-alive', ownerOf(process.pid));
    await make('sp-test-elsewhere', `another-${hostname()} 1 1`);
    await make('sp-test-foreign');
    await docker('start', 'sp-test-dead');
    const found = await findEngine(engineSettings(), execute);
    assert.ok(found.ok);
    const swept = await sweep(found.engine, execute);
    const left = await docker('container', 'ls', '--all', '--format', '{{.Names}}');
    await docker('rm', '--force', 'sp-test-alive', 'sp-test-elsewhere', 'sp-test-foreign');
    assert.deepEqual(swept, { containers: 1, images: 0, left: [] });
    assert.deepEqual(left.trim().split('\n').sort(), ['sp-test-alive', 'sp-test-elsewhere', 'sp-test-foreign']);
    assert.deepEqual(await inventory(), before);
  });
});
