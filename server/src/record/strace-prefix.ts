/** What stands in front of a call or an event, told apart from it. */
export interface Prefixed {
  readonly pid?: number;
  /** The syscall's number, with `strace -n`. */
  readonly number?: number;
  /** The line without it. */
  readonly rest: string;
}

/** The kernel gives no higher process id (`man 5 proc`: `pid_max`); what is higher is a time. */
const MAX_PID = 4_194_304;

/** `[pid  123]`, with the command's name behind the number and what the id is in another namespace. */
const BRACKETED_PID = /\[pid\s+(\d+)(?!\d)(?:<[^>]*>)?[^\]]*\]\s*/y;
/** In front of the lines of a file that `-o` made. */
const LEADING_PID = /\s*(\d+)(?:<[^>]*>)?\s+/y;
/** `-t`, `-tt`, `-r`, `-ttt`, and the difference that `-r` adds to a time. */
const TIME = /\s*(?:\d\d:\d\d:\d\d(?:\.\d+)?|\d+\.\d+|\(\+\s*\d+(?:\.\d+)?\))\s+/y;
/** `-i`: as many digits as an address has. */
const ADDRESS = /\[(?:[0-9a-f]{8}|[0-9a-f]{16}|\?{8,16})\]\s+/y;
const NUMBER = /\[\s*(\d+|0x[0-9a-f]+)\]\s+/y;

/** Reads process id, times, address and number in front of a line of strace, in whatever order its options put them. */
export function readPrefix(line: string): Prefixed {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(line) ?? undefined;
    if (found) at = pattern.lastIndex;
    return found;
  };
  let pid = take(BRACKETED_PID)?.[1] ?? take(LEADING_PID)?.[1];
  if (Number(pid) > MAX_PID) pid = undefined;
  while (take(TIME) || take(ADDRESS));
  pid ??= take(BRACKETED_PID)?.[1];
  const number = take(NUMBER)?.[1];
  while (take(ADDRESS));
  return {
    ...(pid !== undefined && { pid: Number(pid) }),
    ...(number !== undefined && { number: Number(number) }),
    rest: line.slice(at),
  };
}
