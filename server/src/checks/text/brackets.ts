import type { ProfileDocument } from '../../profile/model.ts';
import { countWhere } from '../../syntax/bisect.ts';
import {
  type ArrayNode,
  type Member,
  type Node,
  type ObjectNode,
  pathAt,
  type Span,
  type SyntaxProblem,
} from '../../syntax/tree.ts';
import type { Edit } from '../check.ts';
import { indentation } from './layout.ts';
import { orderedProblems, problemsAfter } from './problems.ts';

type Container = ObjectNode | ArrayNode;

/** The innermost object or array around an offset. */
export function containerAt({ tree }: ProfileDocument, offset: number): Container | undefined {
  return pathAt(tree, offset).findLast(isContainer) as Container | undefined;
}

function isContainer(node: object): boolean {
  return 'kind' in node && ((node as Node).kind === 'object' || (node as Node).kind === 'array');
}

/** Unclosed brackets by the place where they should be closed: at the end of the file there can be many. */
export function unclosedGroups(problems: readonly SyntaxProblem[]): ReadonlyMap<number, readonly SyntaxProblem[]> {
  const groups = new Map<number, SyntaxProblem[]>();
  for (const problem of problems) {
    if (problem.kind !== 'unclosed') continue;
    const group = groups.get(problem.start);
    if (group) group.push(problem);
    else groups.set(problem.start, [problem]);
  }
  return groups;
}

/**
 * Closes brackets, inner ones first: where the next bracket or key shows that they should end, else, or where that damages
 * the rest, where they break off.
 */
export function closeBrackets(document: ProfileDocument, unclosed: readonly SyntaxProblem[]): readonly Edit[] {
  const { start } = unclosed[0]!;
  const early = unclosed.length === 1 ? endOf(document, unclosed[0]!) : start;
  const edits = closingAt(document, unclosed, early);
  return early === start || !worsens(document, edits) ? edits : closingAt(document, unclosed, start);
}

function closingAt({ text }: ProfileDocument, unclosed: readonly SyntaxProblem[], at: number): readonly Edit[] {
  let inserted = '';
  let previous = at;
  for (const { opened = 0 } of unclosed) {
    // only as far as the last bracket: all in front may be one long line
    const feed = text.slice(opened, previous).indexOf('\n');
    if (feed >= 0) inserted += (text[opened + feed - 1] === '\r' ? '\r\n' : '\n') + indentation(text, opened);
    inserted += text[opened] === '{' ? '}' : ']';
    previous = opened;
  }
  return [{ start: at, end: at, text: inserted }];
}

/** To parse a text for each of many brackets would take the square of their number. */
const MOST_TRIED = 30;

/** Whether there is more damage after the edits, or can be: it is not looked at where there is much already. */
function worsens(document: ProfileDocument, edits: readonly Edit[]): boolean {
  const known = document.tree.problems.length;
  return known > MOST_TRIED || problemsAfter(document, edits) > known;
}

/** Where an unclosed object or array should have ended. */
function endOf(document: ProfileDocument, { opened = 0, start }: SyntaxProblem): number {
  const around = containerAt(document, opened);
  // what stands where a key is due is no part of the tree: nothing is known of its inside
  const container = around?.start === opened ? around : undefined;
  if (container?.kind === 'array') {
    const { items } = container;
    const colon = firstBetween(document, opened, start, (each) => each.kind === 'stray' && isDirect(items, each));
    const key = colon ? lastBefore(items, colon) : 0;
    if (key > 0) return items[key - 1]!.end;
  }
  if (container?.kind === 'object') {
    const { members } = container;
    const brace = firstBetween(document, opened, start, (each) => each.kind === 'missing-key' && each.text[0] === '{');
    const before = brace && members[lastBefore(members, brace)];
    if (brace && before && isDirect(members, brace)) return before.end;
  }
  return start;
}

/** The first problem behind one place and not behind another that is looked for. */
function firstBetween(
  document: ProfileDocument,
  after: number,
  end: number,
  matches: (problem: SyntaxProblem) => boolean,
): SyntaxProblem | undefined {
  const problems = orderedProblems(document);
  for (let i = countWhere(problems, ({ start }) => start <= after); i < problems.length; i++) {
    const problem = problems[i]!;
    if (problem.start > end) return undefined;
    if (matches(problem)) return problem;
  }
  return undefined;
}

/** Of ordered children, the place of the last that ends before a problem; -1 where there is none. */
function lastBefore(children: readonly Span[], problem: SyntaxProblem): number {
  return countWhere(children, ({ end }) => end <= problem.start) - 1;
}

/** Whether a problem is inside of none of the ordered children. */
function isDirect(children: readonly Span[], problem: SyntaxProblem): boolean {
  const child = children[countWhere(children, ({ start }) => start < problem.start) - 1];
  return !child || child.end <= problem.start;
}

type Swap = 'list' | 'object' | 'none';

/** By container: a damaged one is asked about again for each of its problems. */
const SWAPS = new WeakMap<Container, Swap>();

/**
 * What stands in the wrong brackets: a list in braces, an object in square brackets; `none` when the brackets may be
 * right, or when other damage inside makes that hard to tell.
 */
export function wrongBrackets({ text }: ProfileDocument, container: Container): Swap {
  const known = SWAPS.get(container) ?? judge(text, container);
  SWAPS.set(container, known);
  return known;
}

function judge(text: string, container: Container): Swap {
  if (!container.closed) return 'none';
  if (container.kind === 'object') {
    const { members, start, end } = container;
    const isString = (m: Member): boolean => m.colon === undefined && !m.value;
    // what is no member is a bracket of its own, which would be closed instead
    const around = [...members, { start: end - 1 }].map((m, i) =>
      text.slice(members[i - 1]?.end ?? start + 1, m.start),
    );
    const isList = members.length > 0 && members.every(isString) && around.every((gap) => /^[\s,]*$/.test(gap));
    return isList ? 'list' : 'none';
  }
  return isPairs(text, container) ? 'object' : 'none';
}

/** Whether an array consists of keys, colons and values, as an object does; a comma may be missing. */
function isPairs(text: string, { items, end }: ArrayNode): boolean {
  const behind = (i: number): string => text.slice(items[i]!.end, items[i + 1]?.start ?? end - 1).trim();
  const isInPlace = (item: Node, i: number): boolean =>
    i % 2 === 0 ? item.kind === 'string' && behind(i) === ':' : ['', ','].includes(behind(i));
  return items.length > 0 && items.length % 2 === 0 && items.every(isInPlace);
}
