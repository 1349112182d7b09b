import { linesOf } from '../src/features/lines.ts';
import type { Span } from '../src/syntax/tree.ts';

/** A place in a text, all counted from one; columns in UTF-16 code units, the end column behind the last one. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Turns spans of a text into places. */
export function placesIn(text: string): (span: Span) => Place {
  const lines = linesOf(text);
  const columnOf = (offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1) + 1;
  return ({ start, end }) => ({
    line: lines.lineAt(start) + 1,
    column: start === 0 ? 1 : columnOf(start),
    endLine: lines.lineAt(end) + 1,
    endColumn: end === 0 ? 1 : columnOf(end),
  });
}
