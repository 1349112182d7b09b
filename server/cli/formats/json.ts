import type { FileReport } from './report.ts';

/** Two-space JSON with a line break at its end. */
export function printJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function jsonReport(reports: readonly FileReport[], version: string): string {
  const files = reports.map(({ file, problems }) => ({
    file,
    problems: problems.map(({ code, severity, message, place, fixable }) => ({
      code,
      severity,
      message,
      ...place,
      fixable,
    })),
  }));
  return printJson({ version, files });
}
