import { countWhere } from './bisect.ts';

/** A half-open range of UTF-16 code units in the text of a document. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A JSON value with its place in the text. Numbers keep their exact text: profile values are unsigned 64-bit. */
export type Node = ObjectNode | ArrayNode | StringNode | NumberNode | BooleanNode | NullNode | InvalidNode;

export interface ObjectNode extends Span {
  readonly kind: 'object';
  readonly members: readonly Member[];
  /** The closing brace is there. */
  readonly closed: boolean;
}

export interface Member extends Span {
  readonly key: StringNode;
  /** Offset of the colon; absent while it is still to be typed. */
  readonly colon?: number;
  readonly value?: Node;
}

export interface ArrayNode extends Span {
  readonly kind: 'array';
  readonly items: readonly Node[];
  readonly closed: boolean;
}

export interface StringNode extends Span {
  readonly kind: 'string';
  /** Content with escapes resolved. */
  readonly value: string;
  /** The closing quote is there. */
  readonly closed: boolean;
}

export interface NumberNode extends Span {
  readonly kind: 'number';
  /** As written, e.g. `18446744073709551615` or `1e3`. */
  readonly text: string;
}

export interface BooleanNode extends Span {
  readonly kind: 'boolean';
  readonly value: boolean;
}

export interface NullNode extends Span {
  readonly kind: 'null';
}

/** Something that stands where a value is due but is none: `0x1f`, `SCMP_ACT_ALLOW` without quotes, `'x'`. */
export interface InvalidNode extends Span {
  readonly kind: 'invalid';
  readonly text: string;
}

export type ProblemKind =
  | 'missing-comma'
  | 'trailing-comma'
  | 'extra-comma'
  | 'comment'
  | 'unterminated-string'
  | 'invalid-escape'
  | 'control-character'
  | 'invalid-value'
  | 'invalid-number'
  | 'missing-colon'
  | 'missing-value'
  | 'missing-key'
  | 'unquoted-key'
  | 'unclosed'
  | 'stray'
  | 'after-root'
  | 'byte-order-mark'
  | 'too-deep'
  | 'empty';

/** A place where the text is not JSON, with what a repair needs. */
export interface SyntaxProblem extends Span {
  readonly kind: ProblemKind;
  /** What is concerned: the stray text, the missing bracket, the comment. */
  readonly text: string;
  /** Where the bracket that was never closed stands. */
  readonly opened?: number;
}

export interface SyntaxTree {
  /** Absent for an empty text. */
  readonly root: Node | undefined;
  readonly problems: readonly SyntaxProblem[];
}

/** The nodes around an offset, outermost first; a member counts through its object. Empty outside of the root. */
export function pathAt(tree: SyntaxTree, offset: number): readonly (Node | Member)[] {
  const path: (Node | Member)[] = [];
  let node: Node | Member | undefined = tree.root;
  while (node && touches(node, offset)) {
    path.push(node);
    node = childAt(node, offset);
  }
  return path;
}

/** Whether an offset lies inside a span or at one of its ends. */
export function touches(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

function childAt(node: Node | Member, offset: number): Node | Member | undefined {
  if (!('kind' in node)) return touches(node.key, offset) ? node.key : node.value;
  if (node.kind === 'object') return lastTouching(node.members, offset);
  if (node.kind === 'array') return lastTouching(node.items, offset);
  return undefined;
}

/** The last of ordered spans that touches the offset, by bisection. */
function lastTouching<T extends Span>(spans: readonly T[], offset: number): T | undefined {
  const candidate = spans[countWhere(spans, ({ start }) => start <= offset) - 1];
  return candidate && touches(candidate, offset) ? candidate : undefined;
}

/** The first sign of a node, which is the bracket of an object or a list. Moves with the node where that is taken over. */
export function firstSign(node: Node): Span {
  return new FirstSign(node);
}

class FirstSign implements Span {
  private readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  get start(): number {
    return this.node.start;
  }

  get end(): number {
    return this.node.start + 1;
  }
}
