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

/**
 * Removes a span: with its whole line when nothing else stands there, else with the blanks in front of it. Looks no further
 * than the blanks around it, since a long line can have many such spans.
 */
export function removeSpan(text: string, span: Span): Edit {
  let start = span.start;
  while (start > 0 && isBlank(text[start - 1]!)) start--;
  let end = span.end;
  while (end < text.length && isBlank(text[end]!)) end++;
  const blankBefore = start === 0 || text[start - 1] === '\n';
  const blankAfter = end === text.length || text[end] === '\n';
  if (blankBefore && blankAfter) return { start, end: Math.min(end + 1, text.length), text: '' };
  if (!blankBefore) return { start, end: span.end, text: '' };
  const rest = /^[ \t]*/.exec(text.slice(span.end, end))![0];
  return { start: span.start, end: span.end + rest.length, text: '' };
}

/** White space that ends no line. */
function isBlank(character: string): boolean {
  return character !== '\n' && character.trim() === '';
}
