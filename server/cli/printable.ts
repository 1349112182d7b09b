/** Lines without what a terminal would obey (category Cc of Unicode). */
export const visible = (text: string): string => text.replaceAll(/\r(?!\n)|[^\P{Cc}\t\r\n]/gu, '?');

/** Text of files, programs and engines, on one line: another could be taken for a message of ours, or for an order. */
export const printable = (text: string): string => visible(text.replaceAll(/\s*\n\s*/g, ' '));
