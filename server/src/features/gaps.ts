import { countWhere } from '../syntax/bisect.ts';
import type { Node, Span, StringNode, SyntaxTree } from '../syntax/tree.ts';

/** A text with what the parser made of it. */
export interface Scanned {
  readonly text: string;
  readonly tree: SyntaxTree;
}

/** Offset of the first character at or behind an offset that is neither white space nor in a comment. */
export function nextSignificant(document: Scanned, offset: number): number {
  const { text } = document;
  let at = offset;
  for (;;) {
    while (at < text.length && isBlank(text.charCodeAt(at))) at++;
    const comments = commentsOf(document);
    const comment = comments[countWhere(comments, ({ start }) => start < at)];
    if (comment?.start !== at || comment.end === at) return at;
    at = comment.end;
  }
}

/** Offset right behind the last character before an offset that is neither white space nor in a comment; 0 without one. */
export function previousSignificant(document: Scanned, offset: number): number {
  const { text } = document;
  let at = offset;
  for (;;) {
    while (at > 0 && isBlank(text.charCodeAt(at - 1))) at--;
    const comments = commentsOf(document);
    const comment = comments[countWhere(comments, ({ start }) => start < at) - 1];
    if (comment?.end !== at) return at;
    at = comment.start;
  }
}

/** The comment that the cursor is in: behind its first sign and, for a block, before its last. */
export function commentAt(document: Scanned, offset: number): Span | undefined {
  const { text } = document;
  return commentsOf(document).find((span) => {
    const block = text.startsWith('/*', span.start) && text.startsWith('*/', span.end - 2);
    return span.start < offset && (block ? offset < span.end : offset <= span.end);
  });
}

/** A string with quotes, not a bare word that was taken for a key. */
export function isString(document: Scanned, node: Node | undefined): node is StringNode {
  return node?.kind === 'string' && document.text[node.start] === '"';
}

const COMMENTS = new WeakMap<Scanned, readonly Span[]>();

function commentsOf(document: Scanned): readonly Span[] {
  const known = COMMENTS.get(document) ?? document.tree.problems.filter((problem) => problem.kind === 'comment');
  COMMENTS.set(document, known);
  return known;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0xfeff;
}
