import assert from 'node:assert/strict';
import { PARTS, sizeOf } from './cases.ts';
import { describeFailure, watched } from './watch.ts';

/** Other seeds every day find other things; the seed of a run is printed. `SECCOMP_FUZZ_SEED` repeats one. */
const seed = Number(process.env.SECCOMP_FUZZ_SEED ?? Math.floor(Date.now() / 86_400_000) * 1_000_000);

/** Milliseconds for the parts that never end. */
const SHARE = { 'test-files': 5000, edits: 5000, fixes: 6000, incremental: 5000 };
const SCALE = 0.01;

describe(`whatever the text (seed ${seed})`, () => {
  for (const part of PARTS)
    it(`${part}: every answer keeps to the protocol, every fix to its word`, async function () {
      this.timeout(300_000);
      const size = sizeOf(part, SCALE);
      const milliseconds = part in SHARE ? SHARE[part as keyof typeof SHARE] : Number.MAX_SAFE_INTEGER;
      const worker = new URL('./run.mjs', import.meta.url);
      const { cases, requests, fixes, failures } = await watched(worker, {
        part,
        seed,
        cases: 1e9,
        milliseconds,
        scale: SCALE,
      });
      if (size !== undefined) assert.equal(cases, size, 'the part did not come to its end');
      assert.ok(cases > 0 && requests + fixes > 0, 'nothing was tried');
      assert.ok(failures.length === 0, failures.map(describeFailure).join('\n\n'));
    });
});
