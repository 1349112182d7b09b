import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { limited } from '../../../server/container/limited.ts';

const fired = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

describe('a signal with a limit', () => {
  it('fires after its time, and with the other one', async () => {
    await fired(limited(undefined, 5).signal);
    const outer = new AbortController();
    const { signal, release } = limited(outer.signal, 1e6);
    const done = fired(signal);
    outer.abort();
    await done;
    release();
    const late = limited(AbortSignal.abort(), 1e6);
    assert.equal(late.signal.aborted, true);
    late.release();
  });

  it('does not fire once it is released', async () => {
    const outer = new AbortController();
    const { signal, release } = limited(outer.signal, 5);
    release();
    outer.abort();
    await delay(20);
    assert.equal(signal.aborted, false);
  });
});
