import assert from 'node:assert/strict';
import { growth, type SoakReport, soak } from '../soak/soak.ts';

const RUNS = 12;
/** Twice what code takes that is compiled late; keeping the verifications of these runs would take more. */
const HEAP_BYTES = 512 << 10;

describe('many verifications in a row, some cancelled, some killed', function () {
  this.timeout(300_000);
  const seed = Math.floor(Date.now() / 86_400_000);
  let report: SoakReport;

  before(async () => {
    report = await soak({ runs: RUNS, seed, program: new URL('../soak/run.mjs', import.meta.url) });
  });

  it(`leave nothing behind (seed ${seed})`, () => {
    assert.deepEqual(report.left, []);
    assert.equal(growth(report.open), 0, 'open files');
  });

  it('were cancelled and killed at work, not only meant to be', () => {
    const { cancelled = 0, killed = 0 } = report.outcomes;
    assert.ok(cancelled > 0 && killed > 0, JSON.stringify(report.outcomes));
  });

  it('take no more memory from run to run', () => {
    assert.ok(growth(report.heaps) < HEAP_BYTES, report.heaps.join(' '));
  });
});
