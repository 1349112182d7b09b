import { splitArguments } from '../policy/strace.ts';
import { type Columns, isRule, readRow } from './columns.ts';
import { architectureWith, catalogueName } from './names.ts';
import { NO_CALL, type ReaderOptions, type Reading, type TraceReader, understood } from './recording.ts';
import { rowReading } from './strace-summary.ts';
import { namedValue } from './valued.ts';

/** Time and duration; of the first calls of a process the begin is not known. */
const HEAD = /^\s*(?:(?:[\d.]+|\?)\s+)?\(\s*(?:[\d.]+ ms\s*)?\):\s*(.*)$/;
/** `ls/123 openat(`, `Web Content/7  ... [continued]: futex(`. */
const CALL = /^(?:(.*?)\/(\d+)\s+)?(\.\.\. \[continued\]: )?([A-Za-z_]\w*)\(/;
const EVENT = /^(?:.*?\/\d+\s+)?[\w-]+:[\w:-]+\(/;

/** Reads what `perf trace` prints, call by call or as the table of `-s` (`man 1 perf-trace`). */
export function perfReader({ architecture }: ReaderOptions): TraceReader {
  const began = new Set<string>();
  const summary = perfSummaryReader({ architecture });
  return {
    read(line) {
      const rest = HEAD.exec(line)?.[1];
      if (rest === undefined) return summary(line);
      const found = CALL.exec(rest);
      if (!found) return EVENT.test(rest) ? NO_CALL : { kind: 'unknown', why: 'there is no call behind the time' };
      const [head, , pid, continued, written = ''] = found;
      const name = catalogueName(written, architecture);
      if (!name) return { kind: 'unknown', why: `"${written}" is not a syscall` };
      const key = `${pid ?? ''} ${name}`;
      // the begin was on an earlier line, with the arguments
      if (continued && began.delete(key)) return NO_CALL;
      if (/\)\s+\.\.\.\s*$/.test(rest)) began.add(key);
      const own = architectureWith(name, architecture);
      const parts = continued ? undefined : splitArguments(rest.slice(head.length));
      return understood({
        name,
        architecture: own,
        args: parts ? namedValue(name, own, parts) : [],
        count: 1,
        failed: /\)\s*= -1 E[A-Z0-9]+/.test(rest),
        ...(pid !== undefined && { pid: Number(pid) }),
      });
    },
    end: () => [],
  };
}

const AROUND = [/^\s*Summary of events:\s*$/, /^\s*\(msec\)/, /^\s*$/];

function perfSummaryReader({ architecture }: ReaderOptions): (line: string) => Reading | undefined {
  let columns: Columns | undefined;
  let pid: number | undefined;
  return (line) => {
    const task = /\((\d+)\), \d+ events, [\d.]+%/.exec(line)?.[1];
    if (task) pid = Number(task);
    const heading = /^\s*syscall\s+calls\s/.test(line);
    if (heading) columns = line.trim().split(/\s+/);
    if (task || heading) return NO_CALL;
    if (isRule(line) || AROUND.some((pattern) => pattern.test(line))) return NO_CALL;
    const row = columns && readRow(line, columns);
    return row && rowReading(row, architecture, pid);
  };
}
