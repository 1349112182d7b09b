import { escapeMarkdown, code as inlineCode, longestFence } from '../src/features/markdown.ts';

/** A fence longer than any in the text, which comes from the engine or the user's program. */
export function block(text: string, language = ''): string {
  const fence = '`'.repeat(Math.max(2, longestFence(text)) + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Inline code, whole and on one line, whatever is in the text. */
export const code = (text: string): string => inlineCode(text, Number.POSITIVE_INFINITY);

/** `a`, `b`, `c`. */
export const codes = (items: readonly string[]): string => items.map(code).join(', ');

/**
 * A sentence of ours, with text from files, settings and engines in it, as one line of Markdown: words between backticks are
 * code, and nothing else is taken for markup.
 */
export const prose = (text: string): string =>
  text
    .split(/(`[^`]+`)/)
    .map((part, i) => (i % 2 === 1 ? part.replaceAll(/\s+/g, ' ') : escapeMarkdown(part)))
    .join('');

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** `1 call`, `3 calls`. */
export const count = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`;
