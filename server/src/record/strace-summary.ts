import type { Architecture } from '../catalog/index.ts';
import { type Columns, isRule, readRow } from './columns.ts';
import { architectureWith, catalogueName } from './names.ts';
import { NO_CALL, type Reading, type RecordedCall, understood } from './recording.ts';
import { inWords } from './strace-modes.ts';

/** Reads the tables of `strace -c` and `-C`, whatever columns `-U` chose, with one table for each mode. */
export function summaryReader(base: Architecture): (line: string) => Reading | undefined {
  let architecture = base;
  let columns: Columns | undefined;
  let rules = 0;
  return (line) => {
    const mode = /^System call usage summary for (.+) mode:$/.exec(line.trim())?.[1];
    if (mode) {
      architecture = inWords(mode, base) ?? base;
      return NO_CALL;
    }
    const heading = headingOf(line);
    if (heading) {
      columns = heading;
      rules = 0;
      return NO_CALL;
    }
    if (!columns) return undefined;
    if (isRule(line)) {
      rules++;
      return NO_CALL;
    }
    const row = readRow(line, columns);
    // the sum stands behind the second rule
    if (rules > 1 || !row) columns = undefined;
    if (!row) return undefined;
    return rules > 1 && row.name === 'total' ? NO_CALL : rowReading(row, architecture);
  };
}

/** All that `-U` can choose of. */
const COLUMNS = ['%time', 'seconds', 'usecs/call', 'shortest', 'longest', 'calls', 'errors', 'syscall'];

/** `% time     seconds  usecs/call     calls    errors syscall` */
function headingOf(line: string): Columns | undefined {
  if (!line.includes('syscall')) return undefined;
  const columns = line.trim().replace('% time', '%time').split(/\s+/);
  const known = columns.every((column) => COLUMNS.includes(column));
  return known && columns.includes('syscall') && columns.includes('calls') ? columns : undefined;
}

/** What a row of any table of calls says: those that failed and the others. */
export function rowReading(
  { name, calls, errors }: { readonly name: string; readonly calls: number; readonly errors: number },
  base: Architecture,
  pid?: number,
): Reading {
  const own = catalogueName(name, base);
  if (!own) return { kind: 'unknown', why: `"${name}" is not a syscall` };
  const call = { name: own, architecture: architectureWith(own, base), args: [], pid };
  const parts: readonly RecordedCall[] = [
    { ...call, count: calls - errors, failed: false },
    { ...call, count: errors, failed: true },
  ];
  return understood(...parts.filter(({ count }) => count > 0));
}
