import type { Edit } from '../../checks/check.ts';

/** The one edit that turns a text into another, without what both have in common at their ends; none for equal texts. */
export function minimalEdit(before: string, after: string): readonly Edit[] {
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  while (head > 0 && (splits(before, head) || splits(after, head))) head--;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  while (tail > 0 && (splits(before, before.length - tail) || splits(after, after.length - tail))) tail--;
  return [{ start: head, end: before.length - tail, text: after.slice(head, after.length - tail) }];
}

/** Whether an offset lies inside of a line break or of a character of two code units, where no editor has a position. */
function splits(text: string, offset: number): boolean {
  if (offset === 0 || offset >= text.length) return false;
  const [left, right] = [text.charCodeAt(offset - 1), text.charCodeAt(offset)];
  return (left === 0x0d && right === 0x0a) || ((left & 0xfc00) === 0xd800 && (right & 0xfc00) === 0xdc00);
}
