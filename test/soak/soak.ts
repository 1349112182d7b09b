import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { execute, findEngine, sweep, verifyProfile } from '../../server/container/index.ts';
import { limited } from '../../server/container/limited.ts';
import { withEngine } from '../container/engine-setup.ts';
import { files, inventory, openFiles, processes } from './leftovers.ts';
import { addImages, type End, type Run, runOf } from './runs.ts';

export interface SoakOrder {
  readonly runs: number;
  readonly seed: number;
  /** No run starts later than this many milliseconds after the first. */
  readonly milliseconds?: number;
  /** The program that verifies once: `run.ts`, built. */
  readonly program: URL;
  readonly progress?: (done: number, heap: number) => void;
}

export interface SoakReport {
  /** How many runs were to end in each way. */
  readonly runs: Readonly<Record<End, number>>;
  /** How runs came out, by kind of outcome; `killed` are those that were still at work then. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Bytes of this process's heap after each run, with its garbage collected. */
  readonly heaps: readonly number[];
  /** Open files of this process after each run. */
  readonly open: readonly number[];
  /** Containers, images, files and processes that are still there. */
  readonly left: readonly string[];
}

/** Verifies profiles on an engine of its own, interrupts some runs and kills the process of others, and looks for what is left. */
export function soak(order: SoakOrder): Promise<SoakReport> {
  return withEngine(async ({ env }) => {
    await addImages(env);
    return inTemporaryFolder((folder) => soakOn(env, folder, order));
  });
}

/** All temporary files of `use`, and of the processes that it starts, lie in a folder of their own. */
async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const { TMPDIR } = process.env;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-soak-'));
  process.env.TMPDIR = folder;
  try {
    return await use(folder);
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    fs.rmSync(folder, { recursive: true });
  }
}

type Env = Parameters<typeof inventory>[0];

async function soakOn(env: Env, folder: string, order: SoakOrder): Promise<SoakReport> {
  const before = new Set(await inventory(env));
  const runs: Record<End, number> = { 'by itself': 0, cancelled: 0, killed: 0 };
  const outcomes: Record<string, number> = {};
  const heaps: number[] = [];
  const open: number[] = [];
  const until = performance.now() + (order.milliseconds ?? Number.POSITIVE_INFINITY);
  for (let number = 0; number < order.runs && performance.now() < until; number++) {
    const run = runOf(order.seed, number, env);
    runs[run.end]++;
    const outcome = run.end === 'killed' ? await killed(run, order.program) : await finished(run);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    heaps.push(heapUsed());
    open.push(openFiles());
    order.progress?.(number + 1, heaps.at(-1)!);
  }
  return { runs, outcomes, heaps, open, left: await leftBehind(env, folder, before) };
}

async function finished({ request, end, after }: Run): Promise<string> {
  if (end !== 'cancelled') return (await verifyProfile(request)).report.outcome.kind;
  const { signal, release } = limited(undefined, after);
  const { report } = await verifyProfile(request, { signal }).finally(release);
  return report.outcome.kind;
}

/** Verifies in a process that is killed without warning, and removes what that left as the next process would. */
async function killed({ request, after }: Run, program: URL): Promise<string> {
  const child = spawn(process.execPath, [fileURLToPath(program), JSON.stringify(request)], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  await Promise.race([delay(after), ended]);
  child.kill('SIGKILL');
  await ended;
  await sweepAll(request.engine);
  return child.signalCode === 'SIGKILL' ? 'killed' : 'ended before it was killed';
}

async function sweepAll(engine: Run['request']['engine']): Promise<void> {
  const found = await findEngine(engine, execute);
  if (found.ok) await sweep(found.engine, execute);
}

/** What a killed process had asked of the engine may come true a moment later. */
const SETTLES_MS = 10_000;

async function leftBehind(env: Env, folder: string, before: ReadonlySet<string>): Promise<readonly string[]> {
  const look = async (): Promise<readonly string[]> => [
    ...(await inventory(env)).filter((id) => !before.has(id)),
    ...files(folder),
    ...processes(folder, env),
  ];
  let left = await look();
  for (const end = Date.now() + SETTLES_MS; left.length > 0 && Date.now() < end; left = await look()) {
    await sweepAll({ kind: 'docker', env });
    await delay(500);
  }
  return left;
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

/** By how much the second half of a series exceeds what lies before it, the first quarter left out for warming up. */
export function growth(series: readonly number[]): number {
  const quarter = Math.floor(series.length / 4);
  return median(series.slice(-2 * quarter)) - median(series.slice(quarter, -2 * quarter));
}

function median(series: readonly number[]): number {
  return series.toSorted((a, b) => a - b)[Math.floor(series.length / 2)] ?? 0;
}
