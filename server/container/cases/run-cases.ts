import type { TestCase } from '../../src/cases/model.ts';
import { errorsOfCase } from '../../src/cases/problems.ts';
import { linesOf } from '../../src/features/lines.ts';
import { type Bench, Stopped } from '../bench.ts';
import { removeRun } from '../cleanup.ts';
import { type Engine, findEngine } from '../engine.ts';
import { execute as executeHere } from '../execute.ts';
import { hazardOf } from '../hazard.ts';
import { addProbeImage } from '../measure.ts';
import { newRunId } from '../owner.ts';
import { DEFAULT_LIMITS } from '../request.ts';
import { inFolder } from '../runner.ts';
import type { WriteFile } from '../trial.ts';
import { questionsOf } from './calls.ts';
import { type CaseTrial, type MeasuredByKey, tryCase } from './case-trial.ts';
import type { CaseResult, CasesHost, CasesReport, CasesRequest } from './report.ts';

/**
 * Runs test cases one after the other in containers of a real engine, each under the profile and without one. Never
 * rejects: whatever happens is the result of the cases. Everything that was made is removed before it resolves.
 */
export async function runCases(request: CasesRequest, host: CasesHost = {}): Promise<CasesReport> {
  const from = Date.now();
  const { signal = new AbortController().signal, execute = executeHere } = host;
  const results = new Map<number, CaseResult>();
  const tell = (result: CaseResult): void => {
    results.set(result.index, result);
    host.ended?.(result);
  };
  const runnable = request.wanted.filter((index) => {
    const message = mistakesIn(request, index);
    if (message !== undefined) tell(resultOf(request, index, { kind: 'errored', message }));
    return message === undefined;
  });
  const rest = (result: CaseTrial): void => {
    for (const index of runnable) if (!results.has(index)) tell(resultOf(request, index, result));
  };
  const done = (more: Partial<CasesReport> = {}): CasesReport => ({
    results: request.wanted.flatMap((index) => results.get(index) ?? []),
    durationMs: Date.now() - from,
    ...more,
  });
  if (runnable.length === 0) return done();
  const hazard = hazardOf(request.profile.text);
  if (hazard !== undefined) {
    rest({ kind: 'errored', message: hazard });
    return done();
  }
  const found = await findEngine(request.engine, execute, signal);
  if (!found.ok) {
    const messages = found.problems.map(({ message }) => message);
    rest(signal.aborted ? { kind: 'cancelled' } : { kind: 'errored', message: messages.join(' ') });
    return done();
  }
  const { engine } = found;
  const { limits = DEFAULT_LIMITS, options = [] } = request;
  const bench: Bench = { engine, runId: newRunId(), execute, signal, limits, options };
  await inFolder((write) => onEngine(request, bench, write, runnable, host, tell)).catch((error: unknown) =>
    rest(error instanceof Stopped ? { kind: 'cancelled' } : { kind: 'errored', message: String(error) }),
  );
  return done({ engine, cleanup: await removeRun(engine, bench.runId, execute) });
}

async function onEngine(
  request: CasesRequest,
  bench: Bench,
  write: WriteFile,
  runnable: readonly number[],
  host: CasesHost,
  tell: (result: CaseResult) => void,
): Promise<void> {
  const { engine } = bench;
  const unfit = unfitness(engine);
  if (!engine.probeArch || unfit !== undefined) throw new Error(unfit);
  const cases = runnable.map((index) => request.document.cases[index]!);
  const trouble = await addProbeImage(bench, engine.probeArch, []);
  if (trouble !== undefined) throw new Error(`The engine did not take the image of the tests: ${trouble.trim()}`);
  const path = await write('profile.json', request.profile.text);
  const profile = { path, text: request.profile.text };
  const lab = { bench, arch: engine.probeArch, calls: callsOf(cases), write, profile };
  const measured: MeasuredByKey = new Map();
  for (const index of runnable) {
    host.started?.(index);
    const from = Date.now();
    const trial = await tryCase(lab, request, index, measured);
    tell(resultOf(request, index, trial, Date.now() - from));
  }
}

const callsOf = (cases: readonly TestCase[]): readonly string[] =>
  cases.flatMap(({ expect }) => expect.calls.map(({ call }) => call.value));

function unfitness({ seccomp, probeArch, machine }: Engine): string | undefined {
  if (!seccomp) return 'This engine cannot filter syscalls: it, or its kernel, was built without seccomp.';
  return probeArch ? undefined : `There is no test program for a machine of type ${machine}.`;
}

/** What is wrong with a case in the file; a case that is not written as it is meant could pass for no reason. */
function mistakesIn({ document, problems }: CasesRequest, index: number): string | undefined {
  const errors = errorsOfCase(document, problems, index);
  const [first] = errors;
  if (!first) return undefined;
  const line = linesOf(document.text).lineAt(first.span.start) + 1;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `Not run, since the case is not right. Line ${line}: ${first.message}${more}`;
}

function resultOf({ document }: CasesRequest, index: number, trial: CaseTrial, durationMs = 0): CaseResult {
  const base = { index, name: document.cases[index]!.name.value, durationMs };
  const none = { failures: [], notes: [], stdout: '', stderr: '' };
  if (trial.kind === 'cancelled') return { ...base, ...none, status: 'cancelled' };
  if (trial.kind === 'errored') return { ...base, ...none, status: 'errored', message: trial.message };
  const { failures, notes, stdout, stderr } = trial;
  return { ...base, status: failures.length > 0 ? 'failed' : 'passed', failures, notes, stdout, stderr };
}
