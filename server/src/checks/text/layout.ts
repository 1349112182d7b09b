import type { Span } from '../../syntax/tree.ts';
import type { Edit } from '../check.ts';

/** The line break that a text uses; `\n` for a text of one line. */
export function lineBreak(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

/** Start of the line that holds an offset. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** End of the line that holds an offset, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  if (feed < 0) return text.length;
  return text[feed - 1] === '\r' && feed > offset ? feed - 1 : feed;
}

/** Blanks and tabs at the start of the line that holds an offset. */
export function indentation(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^[ \t]*/.exec(text.slice(start, Math.min(offset, start + 500)))![0];
}

/** Removes a span: with its whole line when nothing else stands there, else with the blanks in front of it. */
export function removeSpan(text: string, span: Span): Edit {
  const start = lineStart(text, span.start);
  const end = lineEnd(text, span.end);
  const blankBefore = text.slice(start, span.start).trim() === '';
  const blankAfter = text.slice(span.end, end).trim() === '';
  if (blankBefore && blankAfter) return { start, end: afterBreak(text, end), text: '' };
  const before = text.slice(start, span.start);
  const from = blankBefore ? span.start : start + before.trimEnd().length;
  const to = blankBefore ? span.end + /^[ \t]*/.exec(text.slice(span.end, end))![0].length : span.end;
  return { start: from, end: to, text: '' };
}

function afterBreak(text: string, end: number): number {
  if (text.startsWith('\r\n', end)) return end + 2;
  return text[end] === '\n' ? end + 1 : end;
}
