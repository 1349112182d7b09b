import { type Bench, Stopped } from './bench.ts';
import { type Cleanup, removeRun } from './cleanup.ts';
import { type Engine, findEngine } from './engine.ts';
import { execute as executeHere } from './execute.ts';
import { inFolder } from './folder.ts';
import { hazardOf } from './hazard.ts';
import { newRunId } from './owner.ts';
import type { Outcome, Report } from './report.ts';
import { DEFAULT_LIMITS, DEFAULT_TIME_LIMIT_MS, type TestHost, type TestRequest } from './request.ts';
import { trial } from './trial.ts';

/**
 * Runs a profile in containers of a real engine and reports what it does, compared with a run without a profile. Never
 * rejects: whatever happens is an outcome of the report. Everything that was made is removed before it resolves.
 */
export async function testProfile(request: TestRequest, host: TestHost = {}): Promise<Report> {
  const from = Date.now();
  const runId = newRunId();
  const limitMs = request.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS;
  const limit = AbortSignal.timeout(limitMs);
  const signal = host.signal ? AbortSignal.any([host.signal, limit]) : limit;
  const done = (outcome: Outcome, engine?: Engine, cleanup?: Cleanup): Report => ({
    outcome,
    request,
    runId,
    durationMs: Date.now() - from,
    ...(engine && { engine }),
    ...(cleanup && { cleanup }),
  });

  const hazard = hazardOf(request.profile.text);
  if (hazard) return done({ kind: 'not-tried', message: hazard });
  const run = host.execute ?? executeHere;
  host.progress?.('Looking for the container engine');
  const found = await findEngine(request.engine, run, signal);
  if (signal.aborted) return done(stoppedOutcome(new Stopped(), limit, limitMs));
  if (!found.ok) return done({ kind: 'no-engine', problems: found.problems });

  const { engine } = found;
  const { limits = DEFAULT_LIMITS, options = [] } = request;
  const bench: Bench = { engine, runId, execute: run, signal, limits, options };
  const outcome = await inFolder((write) => trial(bench, request, write, host.progress ?? ignore)).catch(
    (error: unknown): Outcome => {
      if (error instanceof Stopped) return stoppedOutcome(error, limit, limitMs);
      return { kind: 'failed', message: 'The test itself failed.', raw: String(error) };
    },
  );
  host.progress?.('Removing the containers');
  return done(outcome, engine, await removeRun(engine, runId, run));
}

const ignore = () => undefined;

const stoppedOutcome = ({ container, output }: Stopped, limit: AbortSignal, limitMs: number): Outcome =>
  limit.aborted ? { kind: 'timeout', limitMs, container, output } : { kind: 'cancelled' };
