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

/** By the longest common subsequence, removals first. */
function aligned(a: readonly string[], b: readonly string[]): readonly Step[] {
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const steps: Step[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      steps.push({ mark: ' ', line: a[i++]! });
      j++;
    } else if (i < a.length && (j === b.length || common[i + 1]![j]! >= common[i]![j + 1]!))
      steps.push({ mark: '-', line: a[i++]! });
    else steps.push({ mark: '+', line: b[j++]! });
  }
  return steps;
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
    if (near[i])
      lines.push(
        `@@ -${old},${count('+')} +${now},${count('-')} @@`,
        ...part.map(({ mark, line }) => `${mark}${line}`),
      );
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
