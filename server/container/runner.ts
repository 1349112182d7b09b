import { type Bench, Stopped } from './bench.ts';
import { removeRun } from './cleanup.ts';
import { findEngine } from './engine.ts';
import { execute as executeHere } from './execute.ts';
import { inFolder } from './folder.ts';
import { hazardOf } from './hazard.ts';
import { limited } from './limited.ts';
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
  const { signal, release } = limited(host.signal, request.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS);
  const tested = await within(signal, runId, request, host).finally(release);
  return { ...tested, request, runId, durationMs: Date.now() - from };
}

async function within(
  signal: AbortSignal,
  runId: string,
  request: TestRequest,
  host: TestHost,
): Promise<Pick<Report, 'outcome' | 'engine' | 'cleanup'>> {
  const hazard = hazardOf(request.profile.text);
  if (hazard) return { outcome: { kind: 'not-tried', message: hazard } };
  const run = host.execute ?? executeHere;
  const stopped = ({ container, output }: Stopped): Outcome =>
    host.signal?.aborted
      ? { kind: 'cancelled' }
      : { kind: 'timeout', limitMs: request.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS, container, output };
  host.progress?.('Looking for the container engine');
  const found = await findEngine(request.engine, run, signal);
  if (signal.aborted) return { outcome: stopped(new Stopped()) };
  if (!found.ok) return { outcome: { kind: 'no-engine', problems: found.problems } };

  const { engine } = found;
  const { limits = DEFAULT_LIMITS, options = [] } = request;
  const bench: Bench = { engine, runId, execute: run, signal, limits, options };
  const outcome = await inFolder((write) => trial(bench, request, write, host.progress ?? ignore)).catch(
    (error: unknown): Outcome => {
      if (error instanceof Stopped) return stopped(error);
      return { kind: 'failed', message: 'The test itself failed.', raw: String(error) };
    },
  );
  host.progress?.('Removing the containers');
  return { outcome, engine, cleanup: await removeRun(engine, runId, run) };
}

const ignore = () => undefined;
