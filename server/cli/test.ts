import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CasesRequest, leadsOut, leftInWords, runCases } from '../container/cases/index.ts';
import { engineLabel } from '../container/index.ts';
import type { CasesDocument } from '../src/cases/model.ts';
import { isTestsName, profilePathOf, testsPathOf } from '../src/cases/paths.ts';
import type { Target } from '../src/policy/target.ts';
import { readCasesFile, refuseMistakes, slashes } from './cases-file.ts';
import { CONTAINER_OPTIONS, engineFrom, engineOptions } from './engine.ts';
import { Failure } from './failure.ts';
import { printJson } from './formats/json.ts';
import { junitReport } from './formats/junit.ts';
import { type TestsReport, testsForJson, testsText } from './formats/tests.ts';
import { type Io, readSource, type Source, writeFile } from './io.ts';
import { type Arguments, choiceOf, textOf, type Values } from './options.ts';
import { printable } from './printable.ts';
import { targetFrom } from './target.ts';

const FORMATS = ['text', 'json', 'junit'] as const;

export const TEST_OPTIONS = {
  format: { type: 'string' },
  output: { type: 'string', short: 'o' },
  ...CONTAINER_OPTIONS,
  filter: { type: 'string' },
} as const;

/** `test FILE...`: 0 where every case passed, 1 where one failed or could not be run, 2 for wrong usage or unreadable files. */
export async function testCommand(
  { values, positionals }: Arguments,
  io: Io,
  version: string,
  signal: AbortSignal,
): Promise<number> {
  if (positionals.length === 0) throw new Failure('test takes at least one FILE: a profile or its file of test cases.');
  const format = choiceOf(values, 'format', FORMATS, 'text');
  const container = { engine: engineFrom(values), options: engineOptions(values) };
  const target = targetFrom(values);
  const suites: Suite[] = [];
  for (const file of new Set(positionals.map(testsFileOf))) suites.push(await suiteOf(file, target, values));
  const reports: TestsReport[] = [];
  for (const suite of suites) reports.push(await runSuite(suite, container, io, signal));
  const output = textOf(values, 'output');
  const text = print(reports, format, io.colours && output === undefined, version);
  if (output === undefined) io.out(text);
  else writeFile(output, text);
  return reports.every(({ results }) => results.every(({ status }) => status === 'passed')) ? 0 : 1;
}

/** A profile stands for the file of test cases beside it. */
function testsFileOf(path: string): string {
  if (isTestsName(path)) return path;
  const beside = testsPathOf(path);
  if (existsSync(beside)) return beside;
  throw new Failure(`${path} has no test cases: there is no ${beside}.`);
}

/** A file of test cases, read, with the cases that are wanted. */
interface Suite {
  readonly source: Source;
  readonly profile: Source;
  readonly request: Omit<CasesRequest, 'engine' | 'options'>;
}

async function suiteOf(name: string, target: Target, values: Values): Promise<Suite> {
  const read = readCasesFile(name, target.architecture);
  const { source, file, document, problems, folders } = read;
  if (document.cases.length === 0) refuseMistakes(read, problems);
  const wanted = wantedCases(document, name, textOf(values, 'filter'));
  const profilePath = profilePathOf(slashes(name), document.profile?.value);
  // none of its cases is run then
  const out = await leadsOut(profilePath, read);
  const profile = out ? { name: profilePath, text: '' } : readSource(profilePath);
  const request = {
    file,
    document,
    problems,
    wanted,
    folders,
    profile: { path: resolve(profilePath), text: profile.text },
  };
  return { source, profile, request };
}

function wantedCases({ cases }: CasesDocument, name: string, filter = ''): readonly number[] {
  const wanted = cases.flatMap((each, index) => (each.name.value.includes(filter) ? [index] : []));
  if (wanted.length > 0) return wanted;
  throw new Failure(cases.length === 0 ? `${name} has no case.` : `No case of ${name} has "${filter}" in its name.`);
}

async function runSuite(
  { source, profile, request }: Suite,
  container: Pick<CasesRequest, 'engine' | 'options'>,
  io: Io,
  signal: AbortSignal,
): Promise<TestsReport> {
  const report = await runCases({ ...request, ...container }, { signal });
  const left = leftInWords(report);
  if (left !== undefined) io.err(`seccomp-profile: ${printable(left)}\n`);
  return {
    file: source.name,
    text: source.text,
    profile,
    results: report.results,
    spans: report.results.map(({ index }) => request.document.cases[index]!.name),
    engine: report.engine && engineLabel(report.engine),
    durationMs: report.durationMs,
  };
}

function print(
  reports: readonly TestsReport[],
  format: (typeof FORMATS)[number],
  colours: boolean,
  version: string,
): string {
  switch (format) {
    case 'text':
      return testsText(reports, colours);
    case 'json':
      return printJson(testsForJson(reports, version));
    case 'junit':
      return junitReport(reports);
  }
}
