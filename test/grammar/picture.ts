import type { IGrammar } from 'vscode-textmate';
import { type Token, tokenize } from './tokens.ts';

/** What one row of carets asks of the line above it. */
interface Expectation {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly wanted: readonly string[];
  readonly unwanted: readonly string[];
}

const caretRow = /^( *)(\^+) +(\S.*)$/;

/**
 * Checks a picture: profile text, and below a line any number of caret rows with the scopes that every character over
 * the carets must have, `!scope` for those it must not have.
 * Returns one readable line for each difference, none when the picture is right.
 */
export function differences(loaded: IGrammar, picture: string): string[] {
  const { text, expectations } = read(picture);
  if (expectations.length === 0) throw new Error('a picture without carets checks nothing');
  const tokens = tokenize(loaded, text);
  return expectations.flatMap((expectation) => check(tokens, expectation));
}

function read(picture: string): { text: string; expectations: Expectation[] } {
  const lines: string[] = [];
  const expectations: Expectation[] = [];
  for (const row of picture.split('\n')) {
    const [, indent, carets, scopes] = caretRow.exec(row) ?? [];
    if (indent === undefined || carets === undefined || scopes === undefined) lines.push(row);
    else expectations.push(expectation(lines.length - 1, indent.length, carets.length, scopes.trim().split(/\s+/)));
  }
  return { text: lines.join('\n'), expectations };
}

function expectation(line: number, start: number, length: number, scopes: readonly string[]): Expectation {
  return {
    line,
    start,
    end: start + length,
    wanted: scopes.filter((scope) => !scope.startsWith('!')),
    unwanted: scopes.filter((scope) => scope.startsWith('!')).map((scope) => scope.slice(1)),
  };
}

function check(tokens: readonly Token[], { line, start, end, wanted, unwanted }: Expectation): string[] {
  const under = tokens.filter((token) => token.line === line && token.start < end && token.end > start);
  const where = `line ${line + 1}, columns ${start + 1}-${end}`;
  if (under.length === 0) return [`${where}: nothing there`];
  return under.flatMap((token) => [
    ...wanted.filter((scope) => !has(token, scope)).map((scope) => `${where}: ${shown(token)} lacks ${scope}`),
    ...unwanted.filter((scope) => has(token, scope)).map((scope) => `${where}: ${shown(token)} must not have ${scope}`),
  ]);
}

/** A scope matches itself and what is more specific, as in a theme. */
function has(token: Token, scope: string): boolean {
  return token.scopes.some((own) => own === scope || own.startsWith(`${scope}.`));
}

function shown(token: Token): string {
  return `${token.text} [${token.scopes.join(' ')}]`;
}
