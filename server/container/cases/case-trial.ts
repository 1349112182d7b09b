import type { TestCase } from '../../src/cases/model.ts';
import { wasLost } from '../engine-problem.ts';
import { together } from '../trial.ts';
import { judgeCalls } from './answers.ts';
import type { CaseFailure } from './judge.ts';
import { filterKey, type Laboratory, type Measured, measureCalls, type Unusable } from './measured.ts';
import { mountsOf } from './mounts.ts';
import type { CasesRequest } from './report.ts';
import { type CaseRun, runCase } from './run-case.ts';

/** What came of a case. */
export type CaseTrial =
  | {
      readonly kind: 'ran';
      readonly failures: readonly CaseFailure[];
      readonly notes: readonly string[];
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: 'errored'; readonly message: string }
  | { readonly kind: 'cancelled' };

/** Measurements by {@link filterKey}: several cases share one. */
export type MeasuredByKey = Map<string, Measured | Unusable>;

/** Runs one case, under the profile and without. Throws `Stopped` when the run is cancelled. */
export async function tryCase(
  lab: Laboratory,
  { document, file, folders }: CasesRequest,
  index: number,
  known: MeasuredByKey,
): Promise<CaseTrial> {
  const testCase = document.cases[index]!;
  const key = filterKey(testCase);
  const measured = known.get(key) ?? (await measureCalls(lab, testCase, `filter-${known.size}`));
  known.set(key, measured);
  if (measured.kind === 'unusable') return { kind: 'errored', message: measured.message };
  const mounts = await mountsOf(testCase, lab.bench.engine, { file, folders });
  if (typeof mounts === 'string') return { kind: 'errored', message: mounts };
  const run = (seccomp: string, id: string): Promise<CaseRun> => runCase(lab.bench, testCase, seccomp, { id, mounts });
  const [mine, natural] = await together(
    run(lab.profile.path, `case-${index}`),
    run('unconfined', `case-${index}-unconfined`),
  );
  if (mine.kind === 'errored') return { kind: 'errored', message: blamed(mine, natural) };
  const calls = judgeCalls(testCase, measured, lab.profile.text);
  return {
    kind: 'ran',
    failures: [...failuresOf(mine).map((failure) => compared(failure, natural)), ...calls.failures],
    notes: [...vacuous(testCase, mine, natural), ...calls.notes],
    ...writtenBy(testCase, mine),
  };
}

/** What the test's own program writes is of no use to anybody. */
function writtenBy({ image }: TestCase, run: CaseRun): { readonly stdout: string; readonly stderr: string } {
  if (image === undefined || run.kind === 'errored') return { stdout: '', stderr: '' };
  const { stdout, stderr } = run.ran ?? { stdout: run.kind === 'failed' ? (run.output ?? '') : '', stderr: '' };
  return { stdout, stderr };
}

const failuresOf = (run: CaseRun): readonly CaseFailure[] => (run.kind === 'failed' ? run.failures : []);

/** Says of a program that did not start whether that is due to the profile. */
function blamed({ message, raw }: CaseRun & { readonly kind: 'errored' }, natural: CaseRun): string {
  if (wasLost(raw)) return message;
  return natural.kind === 'errored'
    ? `It does not start without the profile either. ${message}`
    : `It does not start under the profile. ${message}`;
}

/** A failure that is there without the profile as well is not the profile's. */
function compared(failure: CaseFailure, natural: CaseRun): CaseFailure {
  if (failure.elsewhere) return failure;
  if (natural.kind === 'errored')
    return {
      ...failure,
      message: `${failure.message} Without the profile the program does not start: ${natural.message}`,
    };
  const same = failuresOf(natural).find(({ span }) => span.start === failure.span.start);
  if (!same) return { ...failure, message: `${failure.message} Without the profile it is as expected.` };
  const how = same.message === failure.message ? 'It is the same' : `It fails (${same.message.replace(/\.$/, '')})`;
  const message = `${failure.message} ${how} without the profile, so seccomp is not the cause: look at AppArmor or SELinux, capabilities, and the program itself.`;
  return { ...failure, message, elsewhere: true };
}

/** A failure that is expected shows something of the profile only where the program does well without it. */
function vacuous({ expect }: TestCase, mine: CaseRun, natural: CaseRun): readonly string[] {
  const fails = expect.exit && expect.exit.value !== 0;
  return fails && mine.kind === 'passed' && natural.kind === 'passed'
    ? ['The program fails without the profile in the same way, so this case says nothing of the profile.']
    : [];
}
