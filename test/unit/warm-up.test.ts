import assert from 'node:assert/strict';
import { CHECKS } from '../../server/src/checks/index.ts';
import { warmUp } from '../../server/src/lsp/warm-up.ts';
import { defaultTarget } from '../../server/src/settings.ts';

/** Warms up by a clock that goes on by `tick` milliseconds whenever it is read; gives how long each deferral was to last. */
function warm(tick: number): { readonly delays: readonly number[]; readonly done: number } {
  const delays: number[] = [];
  const waiting: (() => void)[] = [];
  let time = 0;
  let done = 0;
  const defer = (milliseconds: number, run: () => void) => {
    delays.push(milliseconds);
    waiting.push(run);
    return () => {};
  };
  const now = () => {
    time += tick;
    return time;
  };
  warmUp(defer, defaultTarget(), () => done++, now);
  for (let run = waiting.shift(); run; run = waiting.shift()) {
    assert.equal(done, 0, 'nothing comes after the end');
    run();
  }
  return { delays, done };
}

describe('warming up', () => {
  it('leaves the editor time to open its documents, and ends once', () => {
    const { delays, done } = warm(0);
    assert.equal(delays.length, 1);
    assert.ok(delays[0]! > 0);
    assert.equal(done, 1);
  });

  it('lets requests in between its steps', () => {
    const { delays, done } = warm(3);
    assert.ok(delays.length > CHECKS.length);
    assert.ok(delays.slice(1).every((delay) => delay === 0));
    assert.equal(done, 1);
  });
});
