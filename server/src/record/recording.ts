import type { Architecture } from '../catalog/index.ts';

/** Values of a call's arguments by kernel position, unsigned; undefined where the trace does not tell. */
export type ArgumentValues = readonly (bigint | undefined)[];

/** One call, or several alike, as a trace tells of it. */
export interface RecordedCall {
  readonly name: string;
  readonly architecture: Architecture;
  readonly args: ArgumentValues;
  /** How many calls: more than one in summaries. */
  readonly count: number;
  /** It returned an error, or a filter stopped it. */
  readonly failed: boolean;
  readonly pid?: number | undefined;
}

/** What a line of a trace is. */
export type Reading =
  /** It was understood; there are lines without calls: signals, headings, the first half of a call. */
  | { readonly kind: 'understood'; readonly calls: readonly RecordedCall[] }
  /** It belongs to the format, and yet it cannot be read. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Reads one trace line by line. Never throws; linear in the text. */
export interface TraceReader {
  /** Undefined for a line that is none of the format. */
  read(line: string): Reading | undefined;
  /** The calls that began and of which no end was seen. */
  end(): readonly RecordedCall[];
}

/** What readers know besides the text. */
export interface ReaderOptions {
  /** Of the machine that was traced, where the trace does not tell. */
  readonly architecture: Architecture;
  /** Of the process, where the file is about one. */
  readonly pid?: number | undefined;
}

/** A line without a call. */
export const NO_CALL: Reading = { kind: 'understood', calls: [] };

export const understood = (...calls: readonly RecordedCall[]): Reading => ({ kind: 'understood', calls });

/** A syscall that was recorded on an architecture. */
export interface RecordedSyscall {
  readonly name: string;
  readonly architecture: Architecture;
  readonly calls: number;
  readonly failed: number;
  /**
   * The distinct values of the arguments that conditions can be made of; a single one without any value where some call did
   * not tell them, or where there are too many.
   */
  readonly variants: readonly ArgumentValues[];
}

/** A line that could not be read. */
export interface UnknownLine {
  /** Name of the file. */
  readonly source: string;
  /** Counted from one. */
  readonly line: number;
  /** Cut short where it is long. */
  readonly text: string;
  /** Why; absent where it is like no line of the format. */
  readonly why?: string;
}

/** All that was read from one or more traces. The syscalls are the same for the same files in any order. */
export interface Recording {
  /** Sorted by name, then by architecture. */
  readonly syscalls: readonly RecordedSyscall[];
  readonly sources: readonly SourceTotals[];
  /** In the order of the text, the first {@link MOST_UNKNOWN}; {@link SourceTotals} counts all of them. */
  readonly unknown: readonly UnknownLine[];
  /** Calls that were read and not taken, since they failed or were another process's. */
  readonly leftOut: number;
}

/** How a file was read: every line is either understood or unknown. */
export interface SourceTotals {
  readonly name: string;
  readonly lines: number;
  readonly understood: number;
  readonly unknown: number;
  /** Calls that were taken. */
  readonly calls: number;
}

/** Unknown lines that are kept with their text. */
export const MOST_UNKNOWN = 1000;

/** Orders texts by code unit, as everywhere the same. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
