import type { Severity } from '../../src/checks/check.ts';
import { printable } from '../printable.ts';
import { type FileReport, type Problem, SEVERITIES } from './report.ts';

/** SGR codes: red, yellow, blue, grey. */
const COLOURS: Readonly<Record<Severity, number>> = { error: 31, warning: 33, information: 34, hint: 90 };

/** `profile.json:13:10: error missing-comma: ...`, a line for each problem, and a sum. */
export function textReport(reports: readonly FileReport[], colours: boolean): string {
  const lines = reports.flatMap(({ file, problems }) => problems.map((problem) => lineOf(file, problem, colours)));
  return [...lines, summary(reports), ''].join('\n');
}

function lineOf(file: string, { code, severity, message, place }: Problem, colours: boolean): string {
  const word = colours ? `\u001b[${COLOURS[severity]}m${severity}\u001b[0m` : severity;
  return `${printable(file)}:${place.line}:${place.column}: ${word} ${code}: ${printable(message)}`;
}

function summary(reports: readonly FileReport[]): string {
  const all = reports.flatMap(({ problems }) => problems);
  const files = reports.length === 1 ? '1 file' : `${reports.length} files`;
  if (all.length === 0) return `${files}, nothing found`;
  const counts = SEVERITIES.flatMap((severity) => {
    const count = all.filter((problem) => problem.severity === severity).length;
    return count > 0 ? [counted(count, severity)] : [];
  });
  const fixable = all.filter((problem) => problem.fixable).length;
  return `${files}: ${counts.join(', ')}${fixable > 0 ? ` (--fix mends ${fixable})` : ''}`;
}

function counted(count: number, severity: Severity): string {
  return `${count} ${severity}${count === 1 || severity === 'information' ? '' : 's'}`;
}
