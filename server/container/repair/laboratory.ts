import { Stopped } from '../bench.ts';
import { gentleFor } from '../hazard.ts';
import { limited } from '../limited.ts';
import type { Attempt, Criterion } from './criterion.ts';
import type { Stand } from './stand.ts';

/** Tries profiles by one criterion, a few at a time, and counts. */
export interface Laboratory {
  /** Tries without a profile. */
  unconfined(): Promise<Attempt>;
  /**
   * Tries a profile. Throws {@link LimitReached}. With runc an action that ends a thread ends the process instead, unless
   * `exactly` is asked for: one that met the container's init would make the engine wait for ever.
   */
  profile(text: string, exactly?: 'exactly'): Promise<Attempt>;
  /** Containers that were tried so far. */
  runs(): number;
}

/** Thrown when as many containers were tried as may be. */
export class LimitReached extends Error {}

export interface LaboratoryOptions {
  /** Containers in all. */
  readonly maxRuns: number;
  /** Told of each run before it is made. */
  readonly onRun: (number: number) => void;
}

/** Containers at the same time: more would make each so slow that they gain nothing. */
const MOST_AT_ONCE = 3;
/** A program that waits for what it is denied must not stop the search. */
const limitOf = (durationMs: number): number => 3_000 + 3 * durationMs;

export function laboratory(stand: Stand, criterion: Criterion, { maxRuns, onRun }: LaboratoryOptions): Laboratory {
  const turn = queue(MOST_AT_ONCE);
  let runs = 0;
  let limitMs: number | undefined;
  const attempt = (seccomp: string): Promise<Attempt> =>
    turn(async () => {
      if (runs >= maxRuns) throw new LimitReached();
      onRun(++runs);
      return within(limitMs, stand.bench.signal, (signal) => criterion.passes(seccomp, signal));
    });
  return {
    runs: () => runs,
    async unconfined() {
      const tried = await attempt('unconfined');
      limitMs = Math.max(limitMs ?? 0, limitOf(tried.durationMs));
      return tried;
    },
    async profile(text, exactly) {
      return attempt(await stand.write(`profile-${stand.next()}.json`, exactly ? text : gentleFor(stand.bench, text)));
    },
  };
}

/** An attempt that takes longer has failed. */
async function within(
  limitMs: number | undefined,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<Attempt>,
): Promise<Attempt> {
  const from = Date.now();
  if (limitMs === undefined) return run(signal);
  const limit = limited(signal, limitMs);
  try {
    return await run(limit.signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof Stopped)) throw error;
    const what = `not finished within ${Math.round(limitMs / 1000)} s`;
    const { output, container } = error;
    return { passed: false, started: container === 'running', what, output, durationMs: Date.now() - from };
  } finally {
    limit.release();
  }
}

/** Lets a few tasks run at a time, in the order in which they come. */
function queue(most: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      return await task();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}
