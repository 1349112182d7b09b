import type { ArrayNode, Node, ObjectNode, Span } from '../syntax/tree.ts';
import type { Scanned } from './gaps.ts';
import { linesIn } from './lines.ts';

/**
 * What can be folded: each object and list of more than two lines, from its opening bracket to the end of the line before
 * its closing one, so that the closing bracket stays in sight. One range for each first line, the outermost.
 */
export function foldingRanges(document: Scanned): readonly Span[] {
  const lines = linesIn(document);
  const byLine = new Map<number, Span>();
  forBrackets(document.tree.root, (node) => {
    const first = lines.lineAt(node.start);
    const last = lines.lineAt(node.end) - (node.closed ? 1 : 0);
    if (last > first && !byLine.has(first)) byLine.set(first, { start: node.start, end: lines.endOf(last) });
  });
  return [...byLine.values()];
}

/** Visits all objects and lists, outer ones before those in them. */
function forBrackets(root: Node | undefined, visit: (node: ObjectNode | ArrayNode) => void): void {
  if (root?.kind === 'array') {
    visit(root);
    for (const item of root.items) forBrackets(item, visit);
  } else if (root?.kind === 'object') {
    visit(root);
    for (const { value } of root.members) forBrackets(value, visit);
  }
}
