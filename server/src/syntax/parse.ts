import { isPunctuation, Scanner, type Token } from './scan.ts';
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

const SLASH = 0x2f;
const STAR = 0x2a;

/** Deeper nesting than any profile has; a limit keeps hostile input from exhausting the stack. */
const MAX_DEPTH = 200;

/** Concatenated files can leave more than one. */
const BYTE_ORDER_MARKS = /^\uFEFF+/;

/**
 * Parses JSON text tolerantly: never throws, keeps all that can be kept, and lists each departure from strict JSON
 * (Go: `encoding/json`) with its place. Linear in the text. `depth` says how many brackets are around a part of a text.
 */
export function parse(text: string, depth = 0): SyntaxTree {
  return new Parser(text, depth).tree();
}

/** State of one parse: the scanner with the current token, and what was found so far. */
class Parser {
  private readonly text: string;
  private readonly scanner: Scanner;
  private readonly problems: SyntaxProblem[] = [];
  /** End of the last significant token: where a missing comma belongs. */
  private previousEnd = 0;
  private depth: number;

  constructor(text: string, depth: number) {
    this.text = text;
    this.depth = depth;
    this.scanner = new Scanner(text);
    const marks = BYTE_ORDER_MARKS.exec(text)?.[0].length ?? 0;
    if (marks > 0) {
      this.report('byte-order-mark', 0, marks);
      this.scanner.end = marks;
    }
    this.next();
    // no token has been before
    this.previousEnd = 0;
  }

  tree(): SyntaxTree {
    if (this.at('end')) {
      this.report('empty', 0, this.text.length);
      return { root: undefined, problems: this.problems };
    }
    const root = this.value();
    if (!this.at('end')) this.report('after-root', this.scanner.start, this.contentEnd());
    return { root, problems: this.problems };
  }

  /** Where the text ends but for JSON's white space; a loop, since a pattern would try every run of blanks. */
  private contentEnd(): number {
    let end = this.text.length;
    while (end > 0 && ' \t\r\n'.includes(this.text[end - 1]!)) end--;
    return end;
  }

  private at(token: Token): boolean {
    return this.scanner.token === token;
  }

  private next(): void {
    const { scanner } = this;
    this.previousEnd = scanner.end;
    scanner.scan();
    while (scanner.token === 'comment') {
      this.report('comment', scanner.start, scanner.end);
      scanner.scan();
    }
  }

  private report(kind: ProblemKind, start: number, end: number, opened?: number): void {
    const text = this.text.slice(start, Math.min(end, start + 200));
    this.problems.push({ kind, start, end, text, ...(opened === undefined ? {} : { opened }) });
  }

  /** A value at the current token; unknown text becomes an invalid node, so that its place is kept. */
  private value(): Node {
    const { token, start, end } = this.scanner;
    switch (token) {
      case '{':
        return this.depth < MAX_DEPTH ? this.object() : this.tooDeep();
      case '[':
        return this.depth < MAX_DEPTH ? this.array() : this.tooDeep();
      case 'string':
        return this.string();
      case 'number':
        return this.number();
      case 'true':
      case 'false':
        this.next();
        return { kind: 'boolean', value: token === 'true', start, end };
      case 'null':
        this.next();
        return { kind: 'null', start, end };
      default:
        return this.invalid('invalid-value');
    }
  }

  /** Gives up on the rest of the text: what follows cannot be told apart from its surroundings any more. */
  private tooDeep(): InvalidNode {
    const node: InvalidNode = { kind: 'invalid', text: '', start: this.scanner.start, end: this.text.length };
    this.report('too-deep', this.scanner.start, this.scanner.start + 1);
    this.scanner.end = this.text.length;
    this.next();
    return node;
  }

  private string(): StringNode {
    const { value, start, end, error } = this.scanner;
    const closed = error !== 'unterminated';
    if (error) this.report(error === 'unterminated' ? 'unterminated-string' : error, start, end);
    this.next();
    return { kind: 'string', value, closed, start, end };
  }

  private number(): Node {
    const { start, end } = this.scanner;
    if (this.isWord(end)) return this.invalid('invalid-number');
    this.next();
    return { kind: 'number', text: this.text.slice(start, end), start, end };
  }

  /** Neither white space nor JSON's punctuation nor the start of a comment. */
  private isWord(at: number): boolean {
    const code = this.text.charCodeAt(at);
    if (code === SLASH) return ![SLASH, STAR].includes(this.text.charCodeAt(at + 1));
    return code > 0x20 && !isPunctuation(code);
  }

  /** Takes everything up to the next white space, punctuation of JSON or comment as one unknown word. */
  private invalid(kind: ProblemKind): InvalidNode {
    const start = this.scanner.start;
    let end = Math.max(this.scanner.end, start + 1);
    while (end < this.text.length && this.isWord(end)) end++;
    this.scanner.end = end;
    this.report(kind, start, end);
    const text = this.text.slice(start, end);
    this.next();
    return { kind: 'invalid', text, start, end };
  }

  private object(): ObjectNode {
    const { start } = this.scanner;
    const members: Member[] = [];
    const closed = this.list(start, '}', ']', members, this.member);
    return { kind: 'object', members, closed, start, end: this.previousEnd };
  }

  private array(): ArrayNode {
    const { start } = this.scanner;
    const items: Node[] = [];
    const closed = this.list(start, ']', '}', items, this.item);
    return { kind: 'array', items, closed, start, end: this.previousEnd };
  }

  /**
   * The comma-separated inside of brackets; answers whether the closing bracket was there. The other kind of closing
   * bracket ends the list too, since it more likely belongs to the surrounding value than to nothing.
   */
  private list<T>(opened: number, close: Token, other: Token, list: T[], element: (list: T[]) => void): boolean {
    const { scanner } = this;
    this.depth++;
    this.next();
    let comma: { start: number; end: number } | undefined;
    let filled = false;
    while (scanner.token !== 'end' && scanner.token !== close && scanner.token !== other) {
      if (scanner.token === ',') {
        const { start, end } = scanner;
        if (comma || !filled) this.report('extra-comma', start, end);
        comma = { start, end };
        this.next();
        continue;
      }
      if (filled && !comma) this.report('missing-comma', this.previousEnd, this.previousEnd);
      comma = undefined;
      filled = true;
      element(list);
    }
    this.depth--;
    if (comma && filled) this.report('trailing-comma', comma.start, comma.end);
    if (scanner.token === close) {
      this.next();
      return true;
    }
    this.report('unclosed', this.previousEnd, this.previousEnd, opened);
    return false;
  }

  // arrow functions, so that the one method for lists can be given them without making one for each list
  private readonly item = (items: Node[]): void => {
    if (this.at(':')) this.stray();
    else items.push(this.value());
  };

  private stray(): void {
    this.report('stray', this.scanner.start, this.scanner.end);
    this.next();
  }

  private readonly member = (members: Member[]): void => {
    const key = this.key();
    if (!key) return;
    let end = key.end;
    if (!this.at(':')) {
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
    const colon = this.scanner.start;
    end = this.scanner.end;
    this.next();
    if (this.endsMember()) {
      this.report('missing-value', colon, colon + 1);
      members.push({ key, colon, start: key.start, end });
      return;
    }
    const value = this.value();
    members.push({ key, colon, value, start: key.start, end: value.end });
  };

  /** The key of a member; a bare word before a colon counts as one, anything else is skipped with a report. */
  private key(): StringNode | undefined {
    if (this.at('string')) return this.string();
    if (this.at(':')) {
      this.stray();
      return undefined;
    }
    if (this.at('unknown') || isKeyword(this.scanner.token)) {
      const word = this.invalid('unquoted-key');
      return { kind: 'string', value: word.text, closed: true, start: word.start, end: word.end };
    }
    const { start, end } = this.scanner;
    this.value();
    this.report('missing-key', start, end);
    return undefined;
  }

  private endsMember(): boolean {
    return this.at(',') || this.at('}') || this.at(']') || this.at('end');
  }

  /** A value other than a string: a string after a key without colon is more likely the next key. */
  private startsValue(): boolean {
    return this.at('{') || this.at('[') || this.at('number') || isKeyword(this.scanner.token);
  }
}

function isKeyword(token: Token): boolean {
  return token === 'true' || token === 'false' || token === 'null';
}
