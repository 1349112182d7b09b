import type { Severity } from '../../src/checks/check.ts';
import { visible } from '../printable.ts';
import type { FileReport, Problem } from './report.ts';

const LEVELS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/** Workflow commands of GitHub Actions, which show as annotations; empty where nothing was found. */
export function githubReport(reports: readonly FileReport[]): string {
  return reports.flatMap(({ file, problems }) => problems.map((problem) => command(file, problem))).join('');
}

function command(file: string, { code, severity, message, place }: Problem): string {
  const { line, column, endLine, endColumn } = place;
  // columns are only shown for a span within one line
  const columns = endLine === line ? { col: column, endColumn: Math.max(column, endColumn - 1) } : {};
  const properties = { file, line, endLine, ...columns, title: code };
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${LEVELS[severity]} ${list.join(',')}::${escapeData(message)}\n`;
}

function escapeData(text: string): string {
  return visible(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
