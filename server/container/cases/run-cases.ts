import type { TestCase } from '../../src/cases/model.ts';
import { type CaseErrors, errorsOfCases } from '../../src/cases/problems.ts';
import { type Lines, linesOf } from '../../src/features/lines.ts';
import { type Bench, Stopped } from '../bench.ts';
import { removeRun } from '../cleanup.ts';
import { type Engine, findEngine } from '../engine.ts';
import { execute as executeHere } from '../execute.ts';
import { inFolder, type WriteFile } from '../folder.ts';
import { hazardOf } from '../hazard.ts';
import { addProbeImage } from '../measure.ts';
import { newRunId } from '../owner.ts';
import { DEFAULT_LIMITS } from '../request.ts';
import { type CaseTrial, type MeasuredByKey, tryCase } from './case-trial.ts';
import { leadsOut } from './mounts.ts';
import type { CaseResult, CasesHost, CasesReport, CasesRequest } from './report.ts';

/**
 * Runs test cases one after the other in containers of a real engine, each under the profile and without one. Never
 * rejects: whatever happens is the result of the cases. Everything that was made is removed before it resolves.
 */
export async function runCases(request: CasesRequest, host: CasesHost = {}): Promise<CasesReport> {
  const from = Date.now();
  const ledger = openLedger(request, host);
  const { engine, cleanup } = await runOpen(request, host, ledger);
  return {
    results: ledger.all(),
    durationMs: Date.now() - from,
    ...(engine && { engine }),
    ...(cleanup && { cleanup }),
  };
}

/** The results so far. */
interface Ledger {
  /** Positions of the cases that have none yet. */
  open(): readonly number[];
  close(index: number, trial: CaseTrial, durationMs?: number): void;
  /** The same for all that are open. */
  closeAll(trial: CaseTrial): void;
  all(): readonly CaseResult[];
}

/** Cases with mistakes are closed from the start. */
function openLedger(request: CasesRequest, { ended }: CasesHost): Ledger {
  const results = new Map<number, CaseResult>();
  const close: Ledger['close'] = (index, trial, durationMs) => {
    const result = resultOf(request, index, trial, durationMs);
    results.set(index, result);
    ended?.(result);
  };
  const open = (): readonly number[] => request.wanted.filter((index) => !results.has(index));
  const lines = linesOf(request.document.text);
  const errors = errorsOfCases(request.document, request.problems);
  for (const index of request.wanted) {
    const found = errors[index];
    if (found) close(index, { kind: 'errored', message: mistakes(found, lines) });
  }
  return {
    open,
    close,
    closeAll: (trial) => {
      for (const index of open()) close(index, trial);
    },
    all: () => request.wanted.flatMap((index) => results.get(index) ?? []),
  };
}

async function runOpen(
  request: CasesRequest,
  host: CasesHost,
  ledger: Ledger,
): Promise<Pick<CasesReport, 'engine' | 'cleanup'>> {
  const { signal = new AbortController().signal, execute = executeHere } = host;
  const hazard = hazardOf(request.profile.text);
  if (hazard !== undefined) ledger.closeAll({ kind: 'errored', message: hazard });
  if (await leadsOut(request.profile.path, request))
    ledger.closeAll({ kind: 'errored', message: 'The profile is a link that leads out of the workspace.' });
  if (ledger.open().length === 0) return {};
  const found = await findEngine(request.engine, execute, signal);
  if (!found.ok) {
    const message = found.problems.map((problem) => problem.message).join(' ');
    ledger.closeAll(signal.aborted ? { kind: 'cancelled' } : { kind: 'errored', message });
    return {};
  }
  const { engine } = found;
  const { limits = DEFAULT_LIMITS, options = [] } = request;
  const bench: Bench = { engine, runId: newRunId(), execute, signal, limits, options };
  await inFolder((write) => onBench(request, host, bench, write, ledger)).catch((error: unknown) =>
    ledger.closeAll(error instanceof Stopped ? { kind: 'cancelled' } : { kind: 'errored', message: String(error) }),
  );
  return { engine, cleanup: await removeRun(engine, bench.runId, execute) };
}

async function onBench(
  request: CasesRequest,
  host: CasesHost,
  bench: Bench,
  write: WriteFile,
  ledger: Ledger,
): Promise<void> {
  const { probeArch: arch } = bench.engine;
  const unfit = unfitness(bench.engine);
  if (!arch || unfit !== undefined) return ledger.closeAll({ kind: 'errored', message: unfit ?? '' });
  const trouble = await addProbeImage(bench, arch, []);
  if (trouble !== undefined)
    return ledger.closeAll({ kind: 'errored', message: `The engine did not take an image: ${trouble.trim()}` });
  const open = ledger.open();
  const calls = callsOf(open.map((index) => request.document.cases[index]!));
  const profile = { path: await write('profile.json', request.profile.text), text: request.profile.text };
  const measured: MeasuredByKey = new Map();
  for (const index of open) {
    host.started?.(index);
    const from = Date.now();
    const trial = await tryCase({ bench, arch, calls, write, profile }, request, index, measured);
    ledger.close(index, trial, Date.now() - from);
  }
}

const callsOf = (cases: readonly TestCase[]): readonly string[] =>
  cases.flatMap(({ expect }) => expect.calls.map(({ call }) => call.value));

function unfitness({ seccomp, probeArch, machine }: Engine): string | undefined {
  if (!seccomp) return 'This engine cannot filter syscalls: it, or its kernel, was built without seccomp.';
  return probeArch ? undefined : `There is no test program for a machine of type ${machine}.`;
}

/** What is wrong with a case in the file; a case that is not written as it is meant could pass for no reason. */
function mistakes({ first, count }: CaseErrors, lines: Lines): string {
  const line = lines.lineAt(first.span.start) + 1;
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
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
