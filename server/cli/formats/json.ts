import type { FileReport } from './report.ts';

/** Two-space JSON with a line break at its end. */
export function printJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  // JSON lets stand what some terminals obey
  return `${text.replaceAll(/[\u007f-\u009f]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)}\n`;
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
