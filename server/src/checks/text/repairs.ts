import type { ProfileDocument } from '../../profile/model.ts';
import type { Span, SyntaxProblem } from '../../syntax/tree.ts';
import type { Fix } from '../check.ts';
import { replaceNode } from '../edits.ts';
import { lineStart } from './layout.ts';
import { problemsAfter } from './problems.ts';

/** How other languages write the words of JSON. */
const WORDS: Readonly<Record<string, string>> = {
  true: 'true',
  false: 'false',
  null: 'null',
  none: 'null',
  nil: 'null',
  undefined: 'null',
};

/** Puts text into double quotes; other quotes around it go, and words such as `True` become JSON's. */
export function quoteWord(problem: SyntaxProblem): readonly Fix[] {
  const { text, kind } = problem;
  const word = kind === 'invalid-value' && Object.hasOwn(WORDS, text.toLowerCase()) && WORDS[text.toLowerCase()];
  if (word) return [fix(`Replace with ${word}`, problem, word)];
  const inner =
    /^(?:'([^'"\\]*)'|[\u201c\u201d\u201e]([^\u201c\u201d\u201e"\\]*)[\u201c\u201d\u201e]|\u2018([^\u2019"\\]*)\u2019)$/
      .exec(text)
      ?.slice(1)
      .find((s) => s !== undefined);
  const bare = /^[A-Za-z_$][\w.$+-]*$/.test(text) ? text : undefined;
  const content = inner ?? bare;
  return content === undefined ? [] : [fix(`Replace with "${content}"`, problem, JSON.stringify(content))];
}

/** Escapes the control characters of a string, or the backslashes that start no escape; one that escapes a line break goes with it. */
export function repairString(problem: SyntaxProblem): readonly Fix[] {
  if (problem.end - problem.start > problem.text.length) return [];
  const joined = problem.text.replace(/(\\[^\r\n])|\\(?:\r\n|\n|\r)/g, '$1');
  if (joined !== problem.text) return [fix('Join the lines', problem, escaped(joined), false)];
  if (problem.kind === 'control-character') {
    return [fix('Escape the control characters', problem, escaped(problem.text))];
  }
  const doubled = problem.text.replace(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\/g, (match) =>
    match === '\\' ? '\\\\' : match,
  );
  return [fix('Write the backslash twice', problem, doubled, false)];
}

/** Control characters as JSON writes them. */
function escaped(text: string): string {
  return [...text].map((c) => (c < ' ' ? JSON.stringify(c).slice(1, -1) : c)).join('');
}

/**
 * The string whose closing quote is missing: an earlier one of the line where that seems to run into the next
 * (`"read, "write"`), else the one that the line ends in, without the commas and brackets at its end.
 */
export function openString({ text }: ProfileDocument, problem: SyntaxProblem): Span {
  const from = lineStart(text, problem.start);
  const early = /^(?:[^"]|"[^"]*"(?!\w))*?("\w+)(?=\s*,\s*"\w)/.exec(text.slice(from, problem.end));
  if (early) return { start: from + early[0].length - early[1]!.length, end: from + early[0].length };
  let { end } = problem;
  while (end > problem.start && ' \t,]}'.includes(text[end - 1]!)) end--;
  return { start: problem.start, end };
}

/** Adds the quote that is missing. */
export function closeString({ text }: ProfileDocument, { start, end }: Span): readonly Fix[] {
  const plain = /^[\w .:/-]+$/.test(text.slice(start + 1, end));
  return [{ title: 'Add the closing quote', edits: [{ start: end, end, text: '"' }], safe: plain }];
}

/** White space and comments; each can be read in one way only, so that many of them take no longer than they are. */
const GAP = String.raw`(?:\s|//[^\r\n]*(?![^\r\n])|/\*(?:[^*]|\*(?!/))*\*/)*`;
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
/** Text without quotes, as far as a comment. */
const WORD = String.raw`(?:(?!/[/*])[^\s"[\]{},:])+`;

/** A key with its colon, or a string that is followed by a value and so is a key that lacks it as well. */
const NEXT_KEY = new RegExp(`^${GAP}(?:${STRING}${GAP}(?:[:[{\\d-]|true|false|null)|${WORD}${GAP}:)`);

/** Puts a colon behind a key when a value follows, in place of `=` or `=>` where one was written. */
export function repairColon({ text }: ProfileDocument, end: number): readonly Fix[] {
  const sign = /^\s*(?:=>|:=|=)/.exec(text.slice(end, end + 500));
  const start = end + (sign?.[0].length ?? 0);
  const rest = text.slice(start, start + 2000);
  const value = /^[ \t]*["{[\w-]/.test(rest) && !NEXT_KEY.test(rest);
  return value ? [{ title: 'Insert a colon', edits: [{ start: end, end: start, text: ':' }], safe: true }] : [];
}

/** Removes what follows the root: brackets too many are surely wrong, other text may be wanted elsewhere. */
export function repairAfterRoot(document: ProfileDocument, problem: SyntaxProblem): readonly Fix[] {
  const { text, tree } = document;
  const tail = text.slice(problem.start, problem.end);
  const remove = fix('Remove it', problem, '', /^[\s,\]}]*$/.test(tail));
  const { root } = tree;
  if (root?.kind !== 'object' || !root.closed) return [remove];
  const brace = { start: root.end - 1, end: root.end, text: '' };
  const goesOn = /^,\s*"(?:[^"\\]|\\.)*"\s*:/.test(tail) && tail.endsWith('}');
  // the brace may as well end something that is open inside of the profile
  if (!goesOn || problemsAfter(document, [brace]) >= tree.problems.length) return [remove];
  return [{ title: 'Remove the brace that ends the profile early', edits: [brace], safe: false }, remove];
}

function fix(title: string, problem: SyntaxProblem, text: string, safe = true): Fix {
  return { title, edits: [replaceNode(problem, text)], safe };
}
