import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeRun } from '../cleanup.ts';
import { type Engine, findEngine } from '../engine.ts';
import { execute as executeHere } from '../execute.ts';
import { makeFolder } from '../folder.ts';
import { newRunId } from '../owner.ts';
import { DEFAULT_LIMITS, DEFAULT_TIME_LIMIT_MS, type TestHost } from '../request.ts';
import type { RecordOutcome, RecordRequest } from './request.ts';
import { recordOn } from './run.ts';

/**
 * Runs a command in a container without a profile, records its calls with strace, and gives the trace, a file in strace's
 * own form, to `read`. The image's strace is used where it has one, otherwise this machine's. Never rejects unless `read`
 * does; what was made is removed. A signal or the time limit ends the command, not the recording: what was recorded counts.
 */
export async function recordCommand<T>(
  request: RecordRequest,
  read: (trace: string, engine: Engine) => T,
  host: TestHost = {},
): Promise<RecordOutcome<T>> {
  const run = host.execute ?? executeHere;
  const signal = host.signal ?? new AbortController().signal;
  host.progress?.('Looking for the container engine');
  const found = await findEngine(request.engine, run, signal);
  if (signal.aborted) return { kind: 'cancelled' };
  if (!found.ok) return { kind: 'no-engine', problems: found.problems };
  const { engine } = found;
  const { limits = DEFAULT_LIMITS, options = [], timeLimitMs = DEFAULT_TIME_LIMIT_MS } = request;
  const runId = newRunId();
  const bench = { engine, runId, execute: run, signal, limits, options };
  const progress = host.progress ?? (() => undefined);
  const folder = await makeFolder();
  try {
    const trace = join(folder, 'trace');
    const recorded = await recordOn(bench, { ...request, timeLimitMs }, trace, progress);
    const cleanup = await removeRun(engine, runId, run);
    return recorded.kind === 'traced'
      ? { ...recorded, kind: 'recorded', engine, cleanup, value: read(trace, engine) }
      : recorded;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
