import type { ProblemKind, SyntaxProblem } from '../../syntax/tree.ts';
import type { CaseProblem, CasesDocument } from '../model.ts';
import { error } from './problem.ts';

/** Where the file is not JSON. Comments are taken as they are: no engine reads this file. */
export function jsonProblems({ tree }: CasesDocument): readonly CaseProblem[] {
  const problems = tree.problems.filter(({ kind }) => kind !== 'comment' && kind !== 'byte-order-mark');
  return problems.map((problem) => error('json', spanOf(problem), messageOf(problem), repair(problem)));
}

const MESSAGES: Readonly<Record<Exclude<ProblemKind, 'comment' | 'byte-order-mark'>, string>> = {
  'missing-comma': 'A comma is missing here.',
  'trailing-comma': 'Nothing follows this comma. Remove it.',
  'extra-comma': 'This comma is one too many.',
  'unterminated-string': 'The closing quote is missing.',
  'invalid-escape': 'This text has a backslash that starts no escape of JSON.',
  'control-character': 'This text holds a control character, such as a tab, that must be escaped.',
  'invalid-value': 'This is no JSON value: texts stand in double quotes.',
  'invalid-number': 'This is no number.',
  'missing-colon': 'A colon and a value must follow this key.',
  'missing-value': 'Nothing follows this colon: the value is missing.',
  'missing-key': 'This stands where a key is due.',
  'unquoted-key': 'A key must stand in double quotes.',
  unclosed: 'This bracket is never closed.',
  stray: 'A colon is out of place here.',
  'after-root': 'The file has ended before this text.',
  'too-deep': 'Brackets are nested deeper than the format has them.',
  empty: 'The file is empty. Its cases stand under "cases".',
};

const messageOf = ({ kind }: SyntaxProblem): string => MESSAGES[kind as keyof typeof MESSAGES];

const spanOf = ({ kind, start, end, opened }: SyntaxProblem) =>
  kind === 'unclosed' && opened !== undefined ? { start: opened, end: opened + 1 } : { start, end };

function repair({ kind, start, end }: SyntaxProblem) {
  if (kind === 'missing-comma') return [{ title: 'Insert a comma', edits: [{ start, end, text: ',' }], safe: true }];
  if (kind === 'trailing-comma' || kind === 'extra-comma')
    return [{ title: 'Remove the comma', edits: [{ start, end, text: '' }], safe: true }];
  return [];
}
