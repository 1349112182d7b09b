import { createScanner, type JSONScanner, ScanError, SyntaxKind } from 'jsonc-parser';
import type {
  ArrayNode,
  InvalidNode,
  Member,
  Node,
  ObjectNode,
  ProblemKind,
  StringNode,
  SyntaxProblem,
  SyntaxTree,
} from './tree.ts';

/** Deeper nesting than any profile has; a limit keeps hostile input from exhausting the stack. */
const MAX_DEPTH = 200;

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Parses JSON text tolerantly: never throws, keeps all that can be kept, and lists each departure from strict JSON
 * (Go: `encoding/json`) with its place. Linear in the text.
 */
export function parse(text: string): SyntaxTree {
  return new Parser(text).tree();
}

/** State of one parse: the scanner, the current token, and what was found so far. */
class Parser {
  private readonly text: string;
  private readonly scanner: JSONScanner;
  private readonly problems: SyntaxProblem[] = [];
  private token: SyntaxKind = SyntaxKind.Unknown;
  private start = 0;
  private end = 0;
  /** End of the last significant token: where a missing comma belongs. */
  private previousEnd = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
    this.scanner = createScanner(text, false);
    if (text.startsWith(BYTE_ORDER_MARK)) {
      this.report('byte-order-mark', 0, 1);
      this.scanner.setPosition(1);
    }
    this.next();
  }

  tree(): SyntaxTree {
    if (this.atEnd()) {
      this.report('empty', 0, this.text.length);
      return { root: undefined, problems: this.problems };
    }
    const root = this.value();
    if (!this.atEnd()) this.report('after-root', this.start, this.text.trimEnd().length);
    return { root, problems: this.problems };
  }

  private atEnd(): boolean {
    return this.token === SyntaxKind.EOF;
  }

  private next(): void {
    this.previousEnd = this.end;
    for (;;) {
      this.token = this.scanner.scan();
      this.start = this.scanner.getTokenOffset();
      this.end = this.start + this.scanner.getTokenLength();
      if (this.token === SyntaxKind.LineCommentTrivia || this.token === SyntaxKind.BlockCommentTrivia) {
        this.report('comment', this.start, this.end);
      } else if (this.token !== SyntaxKind.Trivia && this.token !== SyntaxKind.LineBreakTrivia) return;
    }
  }

  private report(kind: ProblemKind, start: number, end: number, opened?: number): void {
    const text = this.text.slice(start, Math.min(end, start + 200));
    this.problems.push({ kind, start, end, text, ...(opened === undefined ? {} : { opened }) });
  }

  /** A value at the current token; unknown text becomes an invalid node, so that its place is kept. */
  private value(): Node {
    switch (this.token) {
      case SyntaxKind.OpenBraceToken:
        return this.nested(() => this.object());
      case SyntaxKind.OpenBracketToken:
        return this.nested(() => this.array());
      case SyntaxKind.StringLiteral:
        return this.string();
      case SyntaxKind.NumericLiteral:
        return this.number();
      case SyntaxKind.TrueKeyword:
      case SyntaxKind.FalseKeyword:
        return this.plain({
          kind: 'boolean',
          value: this.token === SyntaxKind.TrueKeyword,
          start: this.start,
          end: this.end,
        });
      case SyntaxKind.NullKeyword:
        return this.plain({ kind: 'null', start: this.start, end: this.end });
      default:
        return this.invalid('invalid-value');
    }
  }

  private plain<T extends Node>(node: T): T {
    this.next();
    return node;
  }

  private nested(parse: () => Node): Node {
    if (this.depth >= MAX_DEPTH) return this.tooDeep();
    this.depth++;
    const node = parse();
    this.depth--;
    return node;
  }

  /** Gives up on the rest of the text: what follows cannot be told apart from its surroundings any more. */
  private tooDeep(): InvalidNode {
    const node: InvalidNode = { kind: 'invalid', text: '', start: this.start, end: this.text.length };
    this.report('too-deep', this.start, this.start + 1);
    this.scanner.setPosition(this.text.length);
    this.end = this.text.length;
    this.next();
    return node;
  }

  private string(): StringNode {
    const error = this.scanner.getTokenError();
    const closed = error !== ScanError.UnexpectedEndOfString;
    if (!closed) this.report('unterminated-string', this.start, this.end);
    else if (error === ScanError.InvalidCharacter) this.report('control-character', this.start, this.end);
    else if (error === ScanError.InvalidEscapeCharacter || error === ScanError.InvalidUnicode)
      this.report('invalid-escape', this.start, this.end);
    return this.plain({
      kind: 'string',
      value: this.scanner.getTokenValue(),
      closed,
      start: this.start,
      end: this.end,
    });
  }

  private number(): Node {
    const start = this.start;
    const follow = this.text.charCodeAt(this.end);
    if (isWordCode(follow)) return this.invalid('invalid-number');
    return this.plain({ kind: 'number', text: this.text.slice(start, this.end), start, end: this.end });
  }

  /** Takes everything up to the next white space or punctuation of JSON as one unknown word. */
  private invalid(kind: ProblemKind): InvalidNode {
    const start = this.start;
    let end = Math.max(this.end, start + 1);
    while (end < this.text.length && isWordCode(this.text.charCodeAt(end))) end++;
    if (end > this.end) this.scanner.setPosition(end);
    this.report(kind, start, end);
    const text = this.text.slice(start, end);
    this.end = end;
    this.next();
    return { kind: 'invalid', text, start, end };
  }

  private object(): ObjectNode {
    const start = this.start;
    const members: Member[] = [];
    const closed = this.list(start, SyntaxKind.CloseBraceToken, SyntaxKind.CloseBracketToken, () =>
      this.member(members),
    );
    return { kind: 'object', members, closed, start, end: this.previousEnd };
  }

  private array(): ArrayNode {
    const start = this.start;
    const items: Node[] = [];
    const closed = this.list(start, SyntaxKind.CloseBracketToken, SyntaxKind.CloseBraceToken, () => this.item(items));
    return { kind: 'array', items, closed, start, end: this.previousEnd };
  }

  /**
   * The comma-separated inside of brackets; answers whether the closing bracket was there. The other kind of closing
   * bracket ends the list too, since it more likely belongs to the surrounding value than to nothing.
   */
  private list(opened: number, close: SyntaxKind, other: SyntaxKind, element: () => void): boolean {
    this.next();
    let comma: { start: number; end: number } | undefined;
    let filled = false;
    while (this.token !== SyntaxKind.EOF && this.token !== close && this.token !== other) {
      if (this.token === SyntaxKind.CommaToken) {
        if (comma || !filled) this.report('extra-comma', this.start, this.end);
        comma = { start: this.start, end: this.end };
        this.next();
        continue;
      }
      if (filled && !comma) this.report('missing-comma', this.previousEnd, this.previousEnd);
      comma = undefined;
      filled = true;
      element();
    }
    if (comma && filled) this.report('trailing-comma', comma.start, comma.end);
    if (this.token === close) {
      this.next();
      return true;
    }
    this.report('unclosed', this.previousEnd, this.previousEnd, opened);
    return false;
  }

  private item(items: Node[]): void {
    if (this.token === SyntaxKind.ColonToken) this.stray();
    else items.push(this.value());
  }

  private stray(): void {
    this.report('stray', this.start, this.end);
    this.next();
  }

  private member(members: Member[]): void {
    const key = this.key();
    if (!key) return;
    let end = key.end;
    if (this.token !== SyntaxKind.ColonToken) {
      if (!this.startsValue()) {
        this.report('missing-colon', key.end, key.end);
        members.push({ key, start: key.start, end });
        return;
      }
      this.report('missing-colon', key.end, key.end);
      const value = this.value();
      members.push({ key, value, start: key.start, end: value.end });
      return;
    }
    const colon = this.start;
    end = this.end;
    this.next();
    if (this.endsMember()) {
      this.report('missing-value', colon, colon + 1);
      members.push({ key, colon, start: key.start, end });
      return;
    }
    const value = this.value();
    members.push({ key, colon, value, start: key.start, end: value.end });
  }

  /** The key of a member; a bare word before a colon counts as one, anything else is skipped with a report. */
  private key(): StringNode | undefined {
    if (this.token === SyntaxKind.StringLiteral) return this.string();
    if (this.token === SyntaxKind.ColonToken) {
      this.stray();
      return undefined;
    }
    if (this.token === SyntaxKind.Unknown || isKeyword(this.token)) {
      const word = this.invalid('unquoted-key');
      return { kind: 'string', value: word.text, closed: true, start: word.start, end: word.end };
    }
    const { start, end } = this;
    this.value();
    this.report('missing-key', start, end);
    return undefined;
  }

  private endsMember(): boolean {
    return (
      this.token === SyntaxKind.CommaToken ||
      this.token === SyntaxKind.CloseBraceToken ||
      this.token === SyntaxKind.CloseBracketToken ||
      this.token === SyntaxKind.EOF
    );
  }

  /** A value other than a string: a string after a key without colon is more likely the next key. */
  private startsValue(): boolean {
    return (
      this.token === SyntaxKind.OpenBraceToken ||
      this.token === SyntaxKind.OpenBracketToken ||
      this.token === SyntaxKind.NumericLiteral ||
      isKeyword(this.token)
    );
  }
}

function isKeyword(token: SyntaxKind): boolean {
  return token === SyntaxKind.TrueKeyword || token === SyntaxKind.FalseKeyword || token === SyntaxKind.NullKeyword;
}

/** Not white space and none of JSON's punctuation. */
function isWordCode(code: number): boolean {
  if (Number.isNaN(code) || code <= 0x20) return false;
  return !(
    code === 0x22 ||
    code === 0x2c ||
    code === 0x3a ||
    code === 0x5b ||
    code === 0x5d ||
    code === 0x7b ||
    code === 0x7d
  );
}
