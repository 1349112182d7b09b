/** A row of a table of calls. */
export interface SummaryRow {
  readonly name: string;
  readonly calls: number;
  readonly errors: number;
}

/** The columns of a table in front of or behind the name, in their order. */
export type Columns = readonly string[];

/**
 * A row of a table with these columns, `syscall` among them: one whose cell for errors is empty has a cell less. Undefined
 * for what is no such row.
 */
export function readRow(line: string, columns: Columns): SummaryRow | undefined {
  const cells = line.trim().split(/\s+/);
  const withoutErrors = columns.filter((column) => column !== 'errors');
  const present = cells.length === columns.length ? columns : withoutErrors;
  if (cells.length !== present.length) return undefined;
  const cell = (column: string): string => cells[present.indexOf(column)] ?? '';
  const [name, calls, errors] = [cell('syscall'), cell('calls'), cell('errors') || '0'];
  if (!/^[A-Za-z_]\w*$/.test(name) || !/^\d+$/.test(calls) || !/^\d+$/.test(errors)) return undefined;
  return { name, calls: Number(calls), errors: Math.min(Number(errors), Number(calls)) };
}

/** `------ -----------`, between the heading and the rows. */
export function isRule(line: string): boolean {
  return line.includes('----') && /^[-\s]+$/.test(line);
}
