import { shorten } from '../checks/text/words.ts';

/** Text from a file or a table made safe to stand in Markdown: nothing in it is taken for markup or a link. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>&~|#]/g, '\\$&').replaceAll(/\s+/g, ' ');
}

/** Inline code; a text with backticks in it gets a longer fence. Long texts are cut. */
export function code(text: string, most = 80): string {
  const shown = shorten(text, most);
  if (!shown.includes('`')) return `\`${shown}\``;
  const fence = '`'.repeat(longestFence(shown) + 1);
  return `${fence} ${shown} ${fence}`;
}

/** How many backticks stand side by side in a text. */
export function longestFence(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}

/** Paragraphs of Markdown; empty ones are left out. */
export function paragraphs(...parts: readonly (string | undefined | false)[]): string {
  return parts.filter(Boolean).join('\n\n');
}

/** A list of Markdown; empty items are left out. */
export function bullets(...items: readonly (string | undefined | false)[]): string {
  return items
    .filter(Boolean)
    .map((item) => `- ${item}`)
    .join('\n');
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
