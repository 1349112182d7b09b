import { printable } from '../printable.ts';

/** Lines around a change. */
const CONTEXT = 3;

/** Whether a line is in both texts, only in the first, or only in the second. */
interface Step {
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
}

/** How one text becomes another, as `diff -u` writes it; empty for equal texts. */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return '';
  const steps = stepsBetween(linesOf(before), linesOf(after));
  return [`--- ${printable(name)}`, `+++ ${printable(name)}`, ...hunks(steps), ''].join('\n');
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines.with(-1, `${lines.at(-1)}\n\\ No newline at end of file`);
}

function stepsBetween(a: readonly string[], b: readonly string[]): readonly Step[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const same = (line: string): Step => ({ mark: ' ', line });
  const middle = aligned(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return [...a.slice(0, head).map(same), ...middle, ...a.slice(a.length - tail).map(same)];
}

/** Changes after which an alignment begins anew: its memory grows with their square, its time with them for each line. */
const MOST = 500;

/** By the fewest changes, in stretches of at most {@link MOST}. Source: Myers, An O(ND) Difference Algorithm, 1986. */
function aligned(a: readonly string[], b: readonly string[]): readonly Step[] {
  const steps: Step[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length; )
    for (const mark of stretch(a, b, i, j)) {
      steps.push({ mark, line: mark === '+' ? b[j]! : a[i]! });
      if (mark !== '+') i++;
      if (mark !== '-') j++;
    }
  return steps;
}

/** The marks from a place in both texts on, to their ends or as far as {@link MOST} changes get. */
function stretch(a: readonly string[], b: readonly string[], i: number, j: number): readonly Step['mark'][] {
  const [width, height] = [a.length - i, b.length - j];
  // lines of the first text by diagonal, which is their number less that of lines of the second
  const reach = new Int32Array(2 * MOST + 3);
  const rounds: Int32Array[] = [];
  let [x, y, last] = [0, 0, 0];
  for (let changes = 0; changes <= MOST && (x < width || y < height); changes++) {
    rounds.push(reach.slice(MOST - changes, MOST + changes + 3));
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const at = MOST + 1 + diagonal;
      let to = entry(reach, at, diagonal, changes)[0];
      while (to < width && to - diagonal < height && a[i + to] === b[j + to - diagonal]) to++;
      reach[at] = to;
      if (to <= width && to - diagonal <= height && 2 * to - diagonal > x + y)
        [x, y, last] = [to, to - diagonal, changes];
    }
  }
  const marks: Step['mark'][] = [];
  for (; last >= 0; last--) {
    const [start, mark] = entry(rounds[last]!, x - y + last + 1, x - y, last);
    for (; x > start; x--, y--) marks.push(' ');
    if (last > 0) marks.push(mark);
    if (mark === '+') y--;
    else x--;
  }
  return marks.reverse();
}

/** Where the last change enters a diagonal, and which it is; of two that get as far, what removes comes first. */
function entry(reach: Int32Array, at: number, diagonal: number, changes: number): readonly [number, '+' | '-'] {
  if (changes === 0) return [0, '-'];
  const [left, right] = [reach[at - 1]!, reach[at + 1]!];
  return diagonal === -changes || (diagonal !== changes && left < right) ? [right, '+'] : [left + 1, '-'];
}

function hunks(steps: readonly Step[]): readonly string[] {
  const near = steps.map((_, i) =>
    steps.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some(({ mark }) => mark !== ' '),
  );
  const lines: string[] = [];
  let [old, now] = [1, 1];
  for (let i = 0; i < steps.length; ) {
    const end = near[i] ? endOf(near, i) : i + 1;
    const part = steps.slice(i, end);
    const count = (other: Step['mark']): number => part.filter(({ mark }) => mark !== other).length;
    if (near[i]) lines.push(`@@ -${old},${count('+')} +${now},${count('-')} @@`);
    if (near[i]) for (const { mark, line } of part) lines.push(mark + line);
    old += count('+');
    now += count('-');
    i = end;
  }
  return lines;
}

function endOf(near: readonly boolean[], start: number): number {
  const end = near.indexOf(false, start);
  return end < 0 ? near.length : end;
}
