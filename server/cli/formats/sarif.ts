import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Severity } from '../../src/checks/check.ts';
import { CHECKS } from '../../src/checks/index.ts';
import { printJson } from './json.ts';
import type { FileReport, Problem } from './report.ts';

const LEVELS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/** SARIF 2.1.0 (OASIS), with the rules that were broken. */
export function sarifReport(reports: readonly FileReport[], version: string): string {
  const broken = new Set(reports.flatMap(({ problems }) => problems.map(({ check }) => check)));
  const rules = CHECKS.filter((check) => broken.has(check));
  const results = reports.flatMap(({ file, problems }) =>
    problems.map((problem) => result(file, problem, rules.indexOf(problem.check))),
  );
  return printJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'seccomp-profile', version, rules: rules.map(rule) } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  });
}

function rule({ code, summary, explanation, severity }: Problem['check']): object {
  return {
    id: code,
    shortDescription: { text: summary },
    help: { text: explanation, markdown: explanation },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function result(file: string, { code, severity, message, place }: Problem, ruleIndex: number): object {
  const { line, column, endLine, endColumn } = place;
  const region = { startLine: line, startColumn: column, endLine, endColumn };
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } }],
  };
}

/** Relative to the working directory where the file was given so, as code hosts want it. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.split(sep).map(encodeURIComponent).join('/');
}
