import { type Bench, containerName, Stopped } from '../bench.ts';
import { type Cleanup, removeRun } from '../cleanup.ts';
import { type Limits, removeThings } from '../commands.ts';
import { type Engine, type EngineSettings, findEngine } from '../engine.ts';
import type { EngineProblem } from '../engine-problem.ts';
import { execute as executeHere } from '../execute.ts';
import { inFolder, type WriteFile } from '../folder.ts';
import { limited } from '../limited.ts';
import { newRunId } from '../owner.ts';
import { DEFAULT_LIMITS, type TestHost } from '../request.ts';

/** Where many short containers of one run are tried. */
export interface Stand {
  readonly bench: Bench;
  readonly write: WriteFile;
  /** A number that this run has not used yet. */
  next(): number;
  /** Removes a container while others run. */
  discard(id: string): void;
}

/** What a stand needs. */
export interface StandRequest {
  readonly engine: EngineSettings;
  /** Further options of `docker create` for every container. */
  readonly options?: readonly string[];
  readonly limits?: Limits;
  /** Milliseconds for everything. */
  readonly timeLimitMs: number;
}

/** Why nothing came of a run. */
export type Obstacle =
  | { readonly kind: 'no-engine'; readonly problems: readonly EngineProblem[] }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timeout'; readonly limitMs: number }
  | { readonly kind: 'failed'; readonly message: string; readonly raw: string };

export interface StandReport<T> {
  readonly outcome: T | Obstacle;
  readonly engine?: Engine;
  readonly durationMs: number;
  /** Absent when nothing was made. */
  readonly cleanup?: Cleanup;
}

/** Sets a stand up, uses it, and removes everything that was made. Never rejects. */
export async function onStand<T>(
  request: StandRequest,
  host: TestHost,
  use: (stand: Stand) => Promise<T>,
): Promise<StandReport<T>> {
  const from = Date.now();
  const { signal, release } = limited(host.signal, request.timeLimitMs);
  const report = await within(request, host, signal, use).finally(release);
  return { ...report, durationMs: Date.now() - from };
}

async function within<T>(
  request: StandRequest,
  host: TestHost,
  signal: AbortSignal,
  use: (stand: Stand) => Promise<T>,
): Promise<Omit<StandReport<T>, 'durationMs'>> {
  const execute = host.execute ?? executeHere;
  const stopped = (): Obstacle =>
    host.signal?.aborted ? { kind: 'cancelled' } : { kind: 'timeout', limitMs: request.timeLimitMs };
  host.progress?.('Looking for the container engine');
  const found = await findEngine(request.engine, execute, signal);
  if (signal.aborted) return { outcome: stopped() };
  if (!found.ok) return { outcome: { kind: 'no-engine', problems: found.problems } };

  const { engine } = found;
  const { limits = DEFAULT_LIMITS, options = [] } = request;
  const bench: Bench = { engine, runId: newRunId(), execute, signal, limits, options };
  const { stand, settle } = standOf(bench);
  const outcome = await inFolder((write) => use({ ...stand, write })).catch((error: unknown): Obstacle => {
    if (error instanceof Stopped) return stopped();
    return { kind: 'failed', message: 'The search itself failed.', raw: String(error) };
  });
  host.progress?.('Removing the containers');
  await settle();
  return { outcome, engine, cleanup: await removeRun(engine, bench.runId, execute) };
}

function standOf(bench: Bench) {
  const { engine, runId, execute } = bench;
  const removals = new Set<Promise<unknown>>();
  let numbers = 0;
  const discard = (id: string): void => {
    // what it leaves is removed with the run
    const removal = execute(removeThings(engine, 'container', [containerName(runId, id)]), { timeoutMs: 15_000 });
    removals.add(removal);
    void removal.finally(() => removals.delete(removal));
  };
  return { stand: { bench, next: () => ++numbers, discard }, settle: () => Promise.all(removals) };
}
