import { parentPort, workerData } from 'node:worker_threads';
import { caseOf, type Part, setStage, sizeOf, type Work } from './cases.ts';
import { shrink } from './shrink.ts';
import type { Failure, Order, Report } from './watch.ts';

/** Enough to see what is wrong; a broken server would otherwise fill the screen. */
const MOST_FAILURES = 8;
/** Larger texts are shown as they are: shrinking them takes too long. */
const LARGEST_SHRUNK = 50_000;

const whatOf = (error: unknown): string =>
  error instanceof Error && error.name === 'Defect'
    ? error.message
    : String(error instanceof Error ? error.stack : error);

/** Two failures with the same words are one defect, whatever the numbers and names in them. */
const kindOf = (part: Part, what: string): string =>
  `${part} ${what
    .split('\n')[0]!
    .replaceAll(/\d+|"[^"]*"|\(.*\)/g, '')
    .slice(0, 80)}`;

async function messageOf(run: (text: string) => Promise<Work>, text: string): Promise<string | undefined> {
  try {
    await run(text);
    return undefined;
  } catch (error) {
    return whatOf(error);
  }
}

async function main({ part, seed, cases, milliseconds, scale, only }: Order, progress: Int32Array): Promise<Report> {
  const stage = await setStage(scale);
  const end = performance.now() + milliseconds;
  const size = sizeOf(part, scale);
  const from = only ?? (size === undefined ? seed : 0);
  const until = only === undefined ? Math.min(from + cases, from + (size ?? Number.POSITIVE_INFINITY)) : only + 1;
  const failures: Failure[] = [];
  const kinds = new Set<string>();
  const report = { cases: 0, requests: 0, fixes: 0 };
  for (let number = from; number < until && performance.now() < end && failures.length < MOST_FAILURES; number++) {
    Atomics.store(progress, 0, number);
    Atomics.add(progress, 1, 1);
    const { text, run } = caseOf(part, number, stage);
    report.cases++;
    try {
      const { requests, fixes } = await run(text);
      report.requests += requests;
      report.fixes += fixes;
    } catch (error) {
      const what = whatOf(error);
      const kind = kindOf(part, what);
      if (kinds.has(kind)) continue;
      kinds.add(kind);
      const same = async (smaller: string): Promise<boolean> => {
        Atomics.add(progress, 1, 1);
        const found = await messageOf(run, smaller);
        return found !== undefined && kindOf(part, found) === kind;
      };
      const smallest = text.length > LARGEST_SHRUNK ? text : await shrink(text, same);
      failures.push({ part, number, what: (await messageOf(run, smallest)) ?? what, text: smallest });
    }
  }
  return { ...report, failures };
}

const { order, progress } = workerData as { readonly order: Order; readonly progress: Int32Array };
parentPort?.postMessage(await main(order, progress));
