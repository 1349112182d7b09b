import { Worker } from 'node:worker_threads';
import type { Part } from './cases.ts';

/** What is to be tried. */
export interface Order {
  readonly part: Part;
  /** The first case of a part that never ends. */
  readonly seed: number;
  readonly cases: number;
  readonly milliseconds: number;
  /** 1 for huge texts of full size. */
  readonly scale: number;
  /** This case alone. */
  readonly only?: number;
}

export interface Failure {
  readonly part: Part;
  /** Finds the case again. */
  readonly number: number;
  readonly what: string;
  /** As small as it got. */
  readonly text: string;
}

export interface Report {
  readonly cases: number;
  readonly requests: number;
  readonly fixes: number;
  readonly failures: readonly Failure[];
}

/** Guards against endless loops and answers that never come, no measure of speed: no single case takes nearly as long. */
const LONGEST_CASE_CPU_MS = 240_000;
const LONGEST_CASE_MS = 10 * LONGEST_CASE_CPU_MS;
const LOOK_EVERY_MS = 1000;
const HEAP_MIB = 3072;

/** Tries cases in a thread of their own, which is ended when one hangs or takes all memory: that is a failure as well. */
export function watched(worker: URL, order: Order): Promise<Report> {
  const progress = new Int32Array(new SharedArrayBuffer(8));
  const resourceLimits = { maxOldGenerationSizeMb: HEAP_MIB };
  const thread = new Worker(worker, { workerData: { order, progress }, resourceLimits });
  return new Promise((resolve) => {
    let seen = -1;
    let since = times();
    const failed = (what: string): void => {
      clearInterval(timer);
      const failure = { part: order.part, number: Atomics.load(progress, 0), what, text: '' };
      resolve({ cases: Atomics.load(progress, 1), requests: 0, fixes: 0, failures: [failure] });
      void thread.terminate();
    };
    const timer = setInterval(() => {
      const now = Atomics.load(progress, 1);
      const { wall, cpu } = times();
      if (now !== seen) [seen, since] = [now, { wall, cpu }];
      else if (cpu - since.cpu > LONGEST_CASE_CPU_MS || wall - since.wall > LONGEST_CASE_MS) failed('it never ends');
    }, LOOK_EVERY_MS);
    thread.on('message', (report: Report) => {
      clearInterval(timer);
      resolve(report);
    });
    thread.on('error', (error) => failed(String(error.stack ?? error)));
  });
}

/** Milliseconds that have passed, and that this process has worked in all its threads: on a busy machine that is less. */
function times(): { readonly wall: number; readonly cpu: number } {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
}

/** What a person needs to find a failure again. */
export function describeFailure({ part, number, what, text }: Failure): string {
  return `${part} ${number}: ${what}\n  npm run test:fuzz -- --part ${part} --case ${number}\n  ${JSON.stringify(text.slice(0, 1500))}`;
}
