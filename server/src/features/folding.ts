import type { ArrayNode, Node, ObjectNode, Span } from '../syntax/tree.ts';
import type { Scanned } from './gaps.ts';
import { linesOf } from './lines.ts';

/**
 * What can be folded: each object and list of more than two lines, from its opening bracket to the end of the line before
 * its closing one, so that the closing bracket stays in sight. One range for each first line, the outermost.
 */
export function foldingRanges({ text, tree }: Scanned): readonly Span[] {
  const lines = linesOf(text);
  const byLine = new Map<number, Span>();
  for (const node of brackets(tree.root)) {
    const first = lines.lineAt(node.start);
    const last = lines.lineAt(node.end) - (node.closed ? 1 : 0);
    if (last > first && !byLine.has(first)) byLine.set(first, { start: node.start, end: lines.endOf(last) });
  }
  return [...byLine.values()];
}

/** All objects and lists, outer ones before those in them. */
function* brackets(root: Node | undefined): Iterable<ObjectNode | ArrayNode> {
  if (root?.kind === 'array') {
    yield root;
    for (const item of root.items) yield* brackets(item);
  } else if (root?.kind === 'object') {
    yield root;
    for (const { value } of root.members) yield* brackets(value);
  }
}
