import type { TestCase } from '../../src/cases/model.ts';
import { type Bench, containerName, imageTag, type Job, type Ran, runContainer, Stopped } from '../bench.ts';
import { removeThings } from '../commands.ts';
import { wasLost } from '../engine-problem.ts';
import { explain, innermost } from '../explain.ts';
import { limited } from '../limited.ts';
import { type CaseFailure, failure, judge } from './judge.ts';
import { caseOptions, type ResolvedMount } from './options.ts';

type Ended = Extract<Ran, { kind: 'ended' }>;

/** What came of one run of a case's program. */
export type CaseRun =
  | { readonly kind: 'passed'; readonly ran: Ended }
  /** `ran` is absent where the time limit ended it. */
  | {
      readonly kind: 'failed';
      readonly failures: readonly CaseFailure[];
      readonly ran?: Ended;
      readonly output?: string;
    }
  /** It could not be run. */
  | { readonly kind: 'errored'; readonly message: string; readonly raw: string };

export interface RunOptions {
  /** Sets the names of containers of several cases apart; `case` when absent. */
  readonly id?: string;
  /** With real paths; none when absent. */
  readonly mounts?: readonly ResolvedMount[];
}

/** Beyond the last call of the test's own program, which then only ends. */
const BEYOND = '1000000';

/**
 * Runs the program of a case once and holds the run against the exit status and the output that the case expects (not
 * against its expectations about syscalls). `seccomp` is the path of a profile, or `unconfined`. A case without image needs
 * the probe image on the bench. The container is removed, also one that goes on beyond the time limit of the case. Throws
 * {@link Stopped} when the bench's own signal fires.
 */
export async function runCase(
  bench: Bench,
  testCase: TestCase,
  seccomp: string,
  { id = 'case', mounts = [] }: RunOptions = {},
): Promise<CaseRun> {
  const { image = imageTag(bench.runId), command } = testCase;
  const own = testCase.image === undefined ? ['direct', BEYOND] : command;
  const job: Job = { id, image, command: own, seccomp, network: testCase.network };
  const { signal, release } = limited(bench.signal, testCase.timeLimitMs);
  const options = [...bench.options, ...caseOptions(testCase, mounts)];
  try {
    return verdict(testCase, await runContainer({ ...bench, options, signal }, job));
  } catch (error) {
    if (!(error instanceof Stopped) || bench.signal.aborted) throw error;
    return overdue(testCase, error);
  } finally {
    release();
    await bench.execute(removeThings(bench.engine, 'container', [containerName(bench.runId, id)]), {
      timeoutMs: 15_000,
    });
  }
}

function verdict(testCase: TestCase, ran: Ran): CaseRun {
  if (ran.kind === 'refused') return { kind: 'errored', message: refusal(ran.raw), raw: ran.raw };
  const failures = judge(testCase, ran);
  return failures.length > 0 ? { kind: 'failed', failures, ran } : { kind: 'passed', ran };
}

/** Why an engine did not start a container, in its own words behind what is known of them. */
export function refusal(raw: string): string {
  if (wasLost(raw)) return 'The engine stopped answering while the cases ran.';
  const cause = explain(raw);
  return `${cause ? `${cause} ` : ''}The engine says: ${innermost(raw) || 'nothing'}`;
}

function overdue({ expect, name, timeLimitMs }: TestCase, { container, output }: Stopped): CaseRun {
  const limit = `within ${timeLimitMs / 1000} s`;
  if (container !== 'running')
    return { kind: 'errored', message: `The engine did not start the container ${limit}.`, raw: output };
  const message = `The program did not end ${limit}, so it was ended.`;
  return { kind: 'failed', failures: [failure(expect.exit ?? name, message)], output };
}
