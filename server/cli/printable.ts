/** Lines without what a terminal would obey (category Cc of Unicode). */
export const visible = (text: string): string => text.replaceAll(/\r(?!\n)|[^\P{Cc}\t\r\n]/gu, '?');

/** Text of files, programs and engines, on one line: another could be taken for a message of ours, or for an order. */
export const printable = (text: string): string =>
  visible(
    text
      .split('\n')
      .map((line, i, lines) => trimmed(line, i > 0, i < lines.length - 1))
      .filter((line, i, lines) => line !== '' || i === 0 || i === lines.length - 1)
      .join(' '),
  );

/** By code: a pattern for blanks around a line break is tried from each blank of a long row. */
function trimmed(line: string, start: boolean, end: boolean): string {
  const cut = start ? line.trimStart() : line;
  return end ? cut.trimEnd() : cut;
}
