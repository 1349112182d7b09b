import type { ProfileDocument } from '../../profile/model.ts';
import { countWhere } from '../../syntax/bisect.ts';
import { parse } from '../../syntax/parse.ts';
import type { ProblemKind, Span, SyntaxProblem, SyntaxTree } from '../../syntax/tree.ts';
import type { Edit } from '../check.ts';
import { applyEdits } from '../edits.ts';
import { lineEnd, lineStart } from './layout.ts';

const CACHE = new WeakMap<SyntaxTree, readonly SyntaxProblem[]>();

/**
 * The departures from JSON that are worth showing, in the order of the text: those that only follow from another one are
 * left out, and a line that starts with `#` counts as a comment. Made once for each tree.
 */
export function visibleProblems(document: ProfileDocument): readonly SyntaxProblem[] {
  const known = CACHE.get(document.tree);
  if (known) return known;
  const visible = FILTERS.reduce((problems, filter) => filter(document, problems), orderedProblems(document));
  CACHE.set(document.tree, visible);
  return visible;
}

/** How many departures from JSON there would be after edits: a parse of the whole text. */
export function problemsAfter({ text }: ProfileDocument, edits: readonly Edit[]): number {
  return parse(applyEdits(text, edits)).problems.length;
}

const ORDERED = new WeakMap<SyntaxTree, readonly SyntaxProblem[]>();

/** All departures from JSON, in the order of the text. Made once for each tree. */
export function orderedProblems({ tree }: ProfileDocument): readonly SyntaxProblem[] {
  const known = ORDERED.get(tree) ?? [...tree.problems].sort((a, b) => a.start - b.start);
  ORDERED.set(tree, known);
  return known;
}

/** Each takes away what only follows from another problem. */
const FILTERS = [
  withHashComments,
  withoutForeignTail,
  withoutBlindTail,
  withoutKeyEchoes,
  withoutColonEchoes,
  withoutSecondReports,
];

/** The visible problems of one kind. */
export function problemsOf(document: ProfileDocument, kind: ProblemKind): readonly SyntaxProblem[] {
  return visibleProblems(document).filter((problem) => problem.kind === kind);
}

/**
 * Whether brackets, quotes, keys or values are damaged, so that what seems to be absent, misplaced or of a wrong type may
 * be right once that is repaired.
 */
export function isFragmentary({ tree }: ProfileDocument): boolean {
  return tree.problems.some((problem) => FRAGMENTING.has(problem.kind));
}

const FRAGMENTING: ReadonlySet<ProblemKind> = new Set([
  'unclosed',
  'unterminated-string',
  'missing-colon',
  'missing-value',
  'missing-key',
  'unquoted-key',
  'stray',
  'after-root',
  'too-deep',
]);

/** Words behind `#` are many problems to the parser and one to the reader. */
function withHashComments({ text }: ProfileDocument, problems: readonly SyntaxProblem[]): readonly SyntaxProblem[] {
  const kept: SyntaxProblem[] = [];
  const first = text.search(/\S/);
  let hidden = -1;
  let hashAtRoot = false;
  const comments: SyntaxProblem[] = [];
  for (const problem of problems) {
    if (problem.start <= hidden || (hashAtRoot && problem.kind === 'after-root')) continue;
    if (problem.kind === 'unclosed' && isInside(comments, problem.opened ?? 0)) continue;
    if (!isHash(problem)) {
      kept.push(problem);
      continue;
    }
    const end = lineEnd(text, problem.start);
    hashAtRoot ||= problem.start <= first;
    hidden = hashAtRoot ? lastHashLine(text, end) : end;
    dropCommaBefore(text, kept, problem.start);
    const comment = {
      kind: 'comment',
      start: problem.start,
      end: hidden,
      text: text.slice(problem.start, end),
    } as const;
    comments.push(comment);
    kept.push(comment);
  }
  return kept;
}

/** Whether one of ordered spans holds an offset. */
function isInside(spans: readonly Span[], offset: number): boolean {
  const before = spans[countWhere(spans, ({ start }) => start <= offset) - 1];
  return before !== undefined && offset < before.end;
}

/** Whether a visible problem is a comment that the parser does not know. */
export function isHashComment({ kind, text }: SyntaxProblem): boolean {
  return kind === 'comment' && text.startsWith('#');
}

function isHash(problem: SyntaxProblem): boolean {
  return (problem.kind === 'invalid-value' || problem.kind === 'unquoted-key') && problem.text.startsWith('#');
}

/** A `#` after a value made the parser miss a comma. */
function dropCommaBefore(text: string, kept: SyntaxProblem[], hash: number): void {
  const last = kept.at(-1);
  if (last?.kind === 'missing-comma' && text.slice(last.start, hash).trim() === '') kept.pop();
}

/** End of the last of the lines after this one that start with `#` too. */
function lastHashLine(text: string, end: number): number {
  let last = end;
  for (;;) {
    const next = /^\r?\n[ \t]*#/.exec(text.slice(last, last + 500));
    if (!next) return last;
    last = lineEnd(text, last + next[0].length);
  }
}

/** A file that starts with a bare word is another format: one mark says so. */
function withoutForeignTail({ tree }: ProfileDocument, problems: readonly SyntaxProblem[]): readonly SyntaxProblem[] {
  if (tree.root?.kind !== 'invalid' || problems.every((problem) => problem.kind !== 'after-root')) return problems;
  return problems.filter((problem) => problem.kind !== 'after-root');
}

/** A string without its closing quote swallows brackets: what comes behind it, or stands on its line, is not reliable. */
function withoutBlindTail({ text }: ProfileDocument, problems: readonly SyntaxProblem[]): readonly SyntaxProblem[] {
  const blind = problems.find((problem) => problem.kind === 'unterminated-string');
  if (!blind) return problems;
  const from = lineStart(text, blind.start);
  return problems.filter((problem) => problem === blind || problem.start < from);
}

const ECHOES: ReadonlySet<ProblemKind> = new Set(['missing-comma', 'missing-colon', 'unquoted-key']);
const KEY_ECHOES: ReadonlySet<ProblemKind> = new Set(['stray', 'missing-key', 'missing-comma']);

/** Of two commas too many at the end of a list both reports are about the last. */
function withoutSecondReports(_: ProfileDocument, problems: readonly SyntaxProblem[]): readonly SyntaxProblem[] {
  return problems.filter(({ kind, start }, i) => kind !== 'trailing-comma' || problems[i - 1]?.start !== start);
}

/** What is no key makes its colon and its value look out of place too. */
function withoutKeyEchoes({ text }: ProfileDocument, problems: readonly SyntaxProblem[]): readonly SyntaxProblem[] {
  let hidden = -1;
  return problems.filter((problem) => {
    if (problem.start <= hidden && KEY_ECHOES.has(problem.kind)) return false;
    if (problem.kind === 'missing-key') hidden = problem.start + /^[^,\r\n]*/.exec(rest(text, problem))![0].length;
    return true;
  });
}

/** A missing colon makes its value look like the next key, a stray one makes its neighbours look too near. */
function withoutColonEchoes({ text }: ProfileDocument, problems: readonly SyntaxProblem[]): readonly SyntaxProblem[] {
  let hidden = -1;
  return problems.filter((problem) => {
    if (problem.start <= hidden && ECHOES.has(problem.kind)) return false;
    if (problem.kind === 'missing-comma' && /^\s*:/.test(rest(text, problem))) return false;
    if (problem.kind === 'missing-colon')
      hidden = problem.start + /^[^,{}[\]\r\n]*/.exec(rest(text, problem))![0].length;
    if (problem.kind === 'stray') hidden = problem.end;
    return true;
  });
}

function rest(text: string, { start }: SyntaxProblem): string {
  return text.slice(start, start + 500);
}
