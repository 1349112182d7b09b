import assert from 'node:assert/strict';
import { interruptible } from '../../../server/cli/interruptible.ts';

/** A command that ends with 1 once it is aborted, after it tidied up. */
function untilAborted({ signal }: AbortController, tidied: string[]): Promise<number> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => setImmediate(() => resolve(tidied.push('tidied'))));
  });
}

describe('a command that waits', () => {
  for (const [name, code] of [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    it(`is aborted by ${name}, tidies up, and ends with ${code}`, async () => {
      const interruption = new AbortController();
      const tidied: string[] = [];
      const status = interruptible(untilAborted(interruption, tidied), interruption);
      process.kill(process.pid, name);
      assert.equal(await status, code);
      assert.deepEqual(tidied, ['tidied']);
    });

  it('gives its own status otherwise, and leaves no listeners', async () => {
    const before = process.listenerCount('SIGINT');
    assert.equal(await interruptible(Promise.resolve(1), new AbortController()), 1);
    assert.equal(process.listenerCount('SIGINT'), before);
  });
});
