import { countWhere } from '../syntax/bisect.ts';

/** Lines of a text by offset, counted from zero. */
export interface Lines {
  /** The line that an offset lies in. */
  lineAt(offset: number): number;
  /** Offset behind the last character of a line, its line break left out. */
  endOf(line: number): number;
}

/** Finds the line breaks once; every question is a bisection. */
export function linesOf(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    lineAt: (offset) => lastAtMost(starts, offset),
    endOf: (line) => {
      const next = starts[line + 1];
      if (next === undefined) return text.length;
      return text[next - 2] === '\r' ? next - 2 : next - 1;
    },
  };
}

const KNOWN = new WeakMap<object, Lines>();

/** The lines of a document that is asked about again and again: found once for each version. */
export function linesIn(document: { readonly text: string }): Lines {
  const known = KNOWN.get(document) ?? linesOf(document.text);
  KNOWN.set(document, known);
  return known;
}

function lastAtMost(sorted: readonly number[], offset: number): number {
  return Math.max(0, countWhere(sorted, (start) => start <= offset) - 1);
}
