import { createScanner, type JSONScanner, ScanError, SyntaxKind } from 'jsonc-parser';

/** Kinds of tokens; punctuation is named by itself. White space is no token. */
export type Token =
  | '{'
  | '}'
  | '['
  | ']'
  | ','
  | ':'
  | 'string'
  | 'number'
  | 'true'
  | 'false'
  | 'null'
  | 'comment'
  | 'unknown'
  | 'end';

/** What is wrong with a string; of several errors the last. */
export type StringError = 'unterminated' | 'control-character' | 'invalid-escape';

const PUNCTUATION = '"{}[],:';

const TOKENS: Readonly<Partial<Record<SyntaxKind, Token>>> = {
  [SyntaxKind.OpenBraceToken]: '{',
  [SyntaxKind.CloseBraceToken]: '}',
  [SyntaxKind.OpenBracketToken]: '[',
  [SyntaxKind.CloseBracketToken]: ']',
  [SyntaxKind.CommaToken]: ',',
  [SyntaxKind.ColonToken]: ':',
  [SyntaxKind.NullKeyword]: 'null',
  [SyntaxKind.TrueKeyword]: 'true',
  [SyntaxKind.FalseKeyword]: 'false',
  [SyntaxKind.StringLiteral]: 'string',
  [SyntaxKind.NumericLiteral]: 'number',
  [SyntaxKind.LineCommentTrivia]: 'comment',
  [SyntaxKind.BlockCommentTrivia]: 'comment',
  [SyntaxKind.EOF]: 'end',
};

const STRING_ERRORS: Readonly<Partial<Record<ScanError, StringError>>> = {
  [ScanError.UnexpectedEndOfString]: 'unterminated',
  [ScanError.InvalidCharacter]: 'control-character',
  [ScanError.InvalidUnicode]: 'invalid-escape',
  [ScanError.InvalidEscapeCharacter]: 'invalid-escape',
};

/** Cuts JSON text into tokens without judging their order: jsonc-parser's scanner without its white space. */
export class Scanner {
  token: Token = 'unknown';
  start = 0;
  end = 0;
  /** Content of a string token with escapes resolved; stale for other tokens. */
  value = '';
  /** Of a string token. */
  error: StringError | undefined;
  private readonly text: string;
  private readonly scanner: JSONScanner;

  constructor(text: string) {
    this.text = text;
    this.scanner = createScanner(text, false);
  }

  /** Takes the next token, from the end of the last one. */
  scan(): void {
    const { scanner } = this;
    if (scanner.getPosition() !== this.end) scanner.setPosition(this.end);
    let kind = scanner.scan();
    while (kind === SyntaxKind.Trivia || kind === SyntaxKind.LineBreakTrivia) kind = scanner.scan();
    this.token = TOKENS[kind] ?? 'unknown';
    this.start = scanner.getTokenOffset();
    // a block comment that never ends is said to end behind the text
    this.end = Math.min(scanner.getPosition(), this.text.length);
    if (kind !== SyntaxKind.StringLiteral) return;
    this.value = scanner.getTokenValue();
    this.error = STRING_ERRORS[scanner.getTokenError()];
  }
}

/** Quotes, brackets, comma and colon. */
export function isPunctuation(code: number): boolean {
  return PUNCTUATION.includes(String.fromCharCode(code));
}
