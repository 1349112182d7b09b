import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { type Bench, imageTag, runContainer, Stopped } from '../../server/container/bench.ts';
import { removeRun } from '../../server/container/cleanup.ts';
import { execute, findEngine } from '../../server/container/index.ts';
import { addProbeImage } from '../../server/container/measure.ts';
import { DEFAULT_LIMITS } from '../../server/container/request.ts';
import { withEngine } from './engine-setup.ts';
import { hostArch } from './use-engine.ts';

describe('an engine that hangs', function () {
  this.timeout(120_000);

  it('is given up at the time limit, and what it keeps is named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sp-hang-'));
    const profile = join(folder, 'profile.json');
    writeFileSync(profile, '{"defaultAction":"SCMP_ACT_KILL"}');
    // an engine of its own: it is of no use afterwards
    await withEngine(async ({ env }) => {
      const found = await findEngine({ kind: 'docker', env }, execute);
      assert.ok(found.ok);
      const { engine } = found;
      const signal = AbortSignal.timeout(5_000);
      const bench: Bench = { engine, runId: 'hang', execute, signal, limits: DEFAULT_LIMITS, options: [] };
      assert.equal(await addProbeImage(bench, hostArch(), []), undefined);
      const job = { id: 'x', image: imageTag('hang'), command: [], seccomp: profile };
      await assert.rejects(
        runContainer(bench, job),
        (error) => error instanceof Stopped && error.container !== 'running',
      );
      const { left } = await removeRun(engine, 'hang', execute, 2_000);
      assert.ok(left.some(({ thing }) => thing === 'container'));
    });
    rmSync(folder, { recursive: true });
  });
});
