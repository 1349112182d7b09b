import { type Analysis, type AnalysisOptions, analyse, fixAll, type Reported } from '../src/checks/analyse.ts';
import type { Severity } from '../src/checks/check.ts';
import { parseProfile } from '../src/profile/build.ts';
import { Failure } from './failure.ts';
import { githubReport } from './formats/github.ts';
import { jsonReport } from './formats/json.ts';
import { type FileReport, type Problem, SEVERITIES } from './formats/report.ts';
import { sarifReport } from './formats/sarif.ts';
import { textReport } from './formats/text.ts';
import { type Io, readSource, type Source, writeFile } from './io.ts';
import { type Arguments, choiceOf } from './options.ts';
import { placesIn } from './places.ts';
import { printable } from './printable.ts';
import { targetFrom } from './target.ts';

const FORMATS = ['text', 'json', 'sarif', 'github'] as const;
type Format = (typeof FORMATS)[number];

const THRESHOLDS: readonly (Severity | 'never')[] = [...SEVERITIES, 'never'];

export const CHECK_OPTIONS = {
  format: { type: 'string' },
  'fail-on': { type: 'string' },
  fix: { type: 'boolean' },
} as const;

/** `check FILE...`: 0 where nothing at or above `--fail-on` is found, 1 where something is, 2 for unreadable input. */
export function checkCommand({ values, positionals }: Arguments, io: Io, version: string): number {
  if (positionals.length === 0) throw new Failure('check takes at least one FILE; - is standard input.');
  const format = choiceOf(values, 'format', FORMATS, 'text');
  const failOn = choiceOf(values, 'fail-on', THRESHOLDS, 'error');
  const options = { target: targetFrom(values) };
  const fix = values.fix === true;
  const { sources, unreadable } = readAll([...new Set(positionals)], io);
  const reports = sources.map((source) => reportOn(fix ? mend(source, options, io) : source, options, io));
  const text = reports.length > 0 ? print(reports, format, io, version) : '';
  // standard output then holds the mended text
  if (fix && positionals.includes('-')) io.err(text);
  else io.out(text);
  if (unreadable) return 2;
  return reports.some(({ problems }) => problems.some(({ severity }) => reaches(severity, failOn))) ? 1 : 0;
}

/** Goes on behind a file that cannot be read. */
function readAll(
  paths: readonly string[],
  io: Io,
): { readonly sources: readonly Source[]; readonly unreadable: boolean } {
  const sources: Source[] = [];
  for (const path of paths) {
    try {
      sources.push(readSource(path));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      io.err(`seccomp-profile: ${error.message}\n`);
    }
  }
  return { sources, unreadable: sources.length < paths.length };
}

/** Applies the safe fixes and writes the text back, to standard output for standard input. */
function mend({ name, text }: Source, options: AnalysisOptions, io: Io): Source {
  const mended = fixAll(text, options);
  if (name === STDIN) io.out(mended);
  else if (mended !== text) writeFile(name, mended);
  return { name, text: mended };
}

const STDIN = 'standard input';

function reportOn({ name, text }: Source, options: AnalysisOptions, io: Io): FileReport {
  const analysis = analyse(parseProfile(text), {
    ...options,
    onError: ({ code }, error) =>
      io.err(`seccomp-profile: the check ${code} failed on ${printable(`${name}: ${error}`)}\n`),
  });
  return { file: name === STDIN ? 'stdin' : name, problems: problemsIn(analysis) };
}

function problemsIn({ document, findings }: Analysis): readonly Problem[] {
  const place = placesIn(document.text);
  return findings.map((finding) => ({
    code: finding.check.code,
    severity: finding.severity,
    message: finding.message,
    place: place(finding.span),
    fixable: hasSafeFix(finding),
    check: finding.check,
  }));
}

/** A check whose fixes fail has none. */
function hasSafeFix({ fixes }: Reported): boolean {
  try {
    return fixes?.().some(({ safe }) => safe) ?? false;
  } catch {
    return false;
  }
}

function print(reports: readonly FileReport[], format: Format, io: Io, version: string): string {
  switch (format) {
    case 'text':
      return textReport(reports, io.colours);
    case 'json':
      return jsonReport(reports, version);
    case 'sarif':
      return sarifReport(reports, version);
    case 'github':
      return githubReport(reports);
  }
}

function reaches(severity: Severity, failOn: Severity | 'never'): boolean {
  return failOn !== 'never' && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(failOn);
}
