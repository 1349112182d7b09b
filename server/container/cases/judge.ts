import { runInNewContext } from 'node:vm';
import type { OutputExpectation, Placed, TestCase } from '../../src/cases/model.ts';
import type { Span } from '../../src/syntax/tree.ts';
import type { Ran } from '../bench.ts';

/** An expectation that was not met. */
export interface CaseFailure {
  /** Of the expectation in the file of test cases. */
  readonly span: Span;
  readonly message: string;
  /** For a comparison side by side. */
  readonly expected?: string;
  readonly actual?: string;
  /** Where the profile decides a call that got another verdict than expected. */
  readonly rule?: Span;
  /** The profile is not the cause: it is the same without it, or the expectation itself is at fault. */
  readonly elsewhere?: true;
}

type Ended = Extract<Ran, { kind: 'ended' }>;

/** What a program's run lacks of what a case expects of exit status and output. */
export function judge(testCase: TestCase, ran: Ended): readonly CaseFailure[] {
  const { exit, output } = testCase.expect;
  return [
    ...(ran.flooded ? [failure(testCase.name, 'The program wrote more than 1 MB and was ended.')] : []),
    ...(exit ? exitFailure(exit, ran) : []),
    ...output.flatMap((each) => outputFailure(each, ran)),
  ];
}

function exitFailure(exit: Placed<number | 'nonzero'>, { exitCode, outOfMemory }: Ended): readonly CaseFailure[] {
  if (exit.value === 'nonzero' ? exitCode !== 0 : exitCode === exit.value) return [];
  const wanted = exit.value === 'nonzero' ? 'a status other than 0' : `status ${exit.value}`;
  const why = outOfMemory ? ', out of memory' : signalOf(exitCode);
  return [
    {
      ...failure(exit, `The program ended with status ${exitCode}${why}; ${wanted} was expected.`),
      expected: String(exit.value),
      actual: String(exitCode),
    },
  ];
}

/** Signals that a filter can lead to, or the engine (kill(1), signal(7)). */
const SIGNALS: Readonly<Record<number, string>> = { 134: 'SIGABRT', 137: 'SIGKILL', 139: 'SIGSEGV', 159: 'SIGSYS' };

const signalOf = (status: number): string => (SIGNALS[status] ? ` (${SIGNALS[status]})` : '');

function outputFailure({ stream, kind, wanted }: OutputExpectation, ran: Ended): readonly CaseFailure[] {
  const written = ran[stream];
  const found = kind === 'contains' ? written.includes(wanted.value) : matches(wanted.value, written);
  if (found) return [];
  const name = stream === 'stdout' ? 'Standard output' : 'Standard error';
  if (found === undefined)
    return [{ ...failure(wanted, `It takes too long to look for /${wanted.value}/. ${ADVICE}`), elsewhere: true }];
  const lacks = kind === 'contains' ? `does not contain "${wanted.value}"` : `does not match /${wanted.value}/`;
  return [{ ...failure(wanted, `${name} ${lacks}.`), expected: wanted.value, actual: written }];
}

const SEARCH_MS = 1000;
const ADVICE = 'Write it without repetitions in repetitions.';

/** Undefined where the search was given up: it may take longer than anybody lives, and nothing else is done meanwhile. */
function matches(pattern: string, text: string): boolean | undefined {
  try {
    return runInNewContext('new RegExp(pattern, "m").test(text)', { pattern, text }, { timeout: SEARCH_MS });
  } catch {
    // the pattern itself is right: a case with another is not run
    return undefined;
  }
}

export const failure = ({ start, end }: Span, message: string): CaseFailure => ({ span: { start, end }, message });
