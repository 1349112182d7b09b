import { type Member, type Node, pathAt, type Span } from '../syntax/tree.ts';
import type { Scanned } from './gaps.ts';

/**
 * Ever larger pieces of the text around an offset, innermost first: the inside of a string, the string, the member, the
 * inside of the brackets, the brackets, and at last the whole text. Each contains the one before and is larger.
 */
export function selectionRanges({ text, tree }: Scanned, offset: number): readonly Span[] {
  const pieces = pathAt(tree, offset)
    .toReversed()
    .flatMap((node) => [...insideOf(text, node, offset), { start: node.start, end: node.end }]);
  const ranges: Span[] = [];
  for (const piece of [...pieces, { start: 0, end: text.length }]) {
    const last = ranges.at(-1);
    if (!last || isLarger(piece, last)) ranges.push(piece);
  }
  return ranges;
}

function insideOf(text: string, node: Node | Member, offset: number): readonly Span[] {
  if (!('kind' in node)) return [];
  const inside = contentOf(text, node);
  return inside && inside.start <= offset && offset <= inside.end ? [inside] : [];
}

/** What stands between quotes or brackets, without white space at the ends. */
function contentOf(text: string, node: Node): Span | undefined {
  if (node.kind !== 'string' && node.kind !== 'object' && node.kind !== 'array') return undefined;
  const start = node.start + 1;
  const end = node.closed ? node.end - 1 : node.end;
  if (end <= start) return undefined;
  if (node.kind === 'string') return text[node.start] === '"' ? { start, end } : undefined;
  const content = text.slice(start, end);
  const leading = content.length - content.trimStart().length;
  const length = content.trim().length;
  return length > 0 ? { start: start + leading, end: start + leading + length } : undefined;
}

function isLarger(a: Span, b: Span): boolean {
  return a.start <= b.start && a.end >= b.end && a.end - a.start > b.end - b.start;
}
