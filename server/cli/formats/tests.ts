import type { CaseFailure, CaseResult } from '../../container/cases/index.ts';
import type { Span } from '../../src/syntax/tree.ts';
import { type Place, placesIn } from '../places.ts';
import { printable } from '../printable.ts';

/** What came of the cases of one file. */
export interface TestsReport {
  /** As messages call the file of test cases and the profile. */
  readonly file: string;
  readonly text: string;
  readonly profile: { readonly name: string; readonly text: string };
  readonly results: readonly CaseResult[];
  /** Of each result, in the same order. */
  readonly spans: readonly Span[];
  readonly engine: string | undefined;
  readonly durationMs: number;
}

const WORDS: Readonly<Record<CaseResult['status'], string>> = {
  passed: 'passed   ',
  failed: 'FAILED   ',
  errored: 'NOT RUN  ',
  cancelled: 'cancelled',
};

/** SGR codes: green, red, red, grey. */
const COLOURS: Readonly<Record<CaseResult['status'], number>> = { passed: 32, failed: 31, errored: 31, cancelled: 90 };

/** A line for each case, with what is wrong below it, and a sum. */
export function testsText(reports: readonly TestsReport[], colours: boolean): string {
  const files = reports.map((report) => [
    titleOf(report),
    ...report.results.flatMap((each) => caseLines(report, each, colours)),
  ]);
  return `${[...files.flat(), sumOf(reports.flatMap(({ results }) => results))].join('\n')}\n`;
}

const titleOf = ({ file, profile, engine }: TestsReport): string =>
  printable(`${file} (${profile.name}${engine === undefined ? '' : ` · ${engine}`})`);

function caseLines(report: TestsReport, result: CaseResult, colours: boolean): readonly string[] {
  const { status, name, durationMs, message, notes } = result;
  const word = colours ? `\u001b[${COLOURS[status]}m${WORDS[status]}\u001b[0m` : WORDS[status];
  const faults = faultsOf(report, result).map(({ text }) => text);
  const told = [...(message === undefined ? [] : [message]), ...faults, ...notes];
  return [
    `  ${word} ${printable(name)} (${(durationMs / 1000).toFixed(1)} s)`,
    ...told.map((each) => `      ${printable(each)}`),
  ];
}

/** What is wrong with a case, each with its place: `web.test.json:7:12: ...`. */
export function faultsOf({ file, text, profile }: TestsReport, { failures }: CaseResult) {
  const [place, ruleAt] = [placesIn(text), placesIn(profile.text)];
  return failures.map((failure: CaseFailure) => {
    const at = place(failure.span);
    const rule = failure.rule && ruleAt(failure.rule);
    const where = rule ? ` (${profile.name}:${rule.line}:${rule.column})` : '';
    return { failure, at, rule, text: `${file}:${at.line}:${at.column}: ${failure.message}${where}` };
  });
}

function sumOf(results: readonly CaseResult[]): string {
  const count = (status: CaseResult['status']): number => results.filter((each) => each.status === status).length;
  const parts = [
    `${count('passed')} passed`,
    `${count('failed')} failed`,
    ...(count('errored') > 0 ? [`${count('errored')} not run`] : []),
    ...(count('cancelled') > 0 ? [`${count('cancelled')} cancelled`] : []),
  ];
  return `${results.length} case${results.length === 1 ? '' : 's'}: ${parts.join(', ')}`;
}

/** The results for programs. */
export function testsForJson(reports: readonly TestsReport[], version: string): object {
  const files = reports.map((report) => ({
    file: report.file,
    profile: report.profile.name,
    engine: report.engine ?? null,
    cases: report.results.map((result) => caseForJson(report, result)),
  }));
  return { version, files };
}

function caseForJson(report: TestsReport, result: CaseResult): object {
  const { name, status, message, notes, stdout, stderr, durationMs } = result;
  const failures = faultsOf(report, result).map(({ failure, at, rule }) => ({
    message: failure.message,
    ...at,
    expected: failure.expected ?? null,
    actual: failure.actual ?? null,
    causedBySeccomp: failure.elsewhere !== true,
    rule: rule ?? (null as Place | null),
  }));
  return { name, status, message: message ?? null, failures, notes, stdout, stderr, seconds: durationMs / 1000 };
}
