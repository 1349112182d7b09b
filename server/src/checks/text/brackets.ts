import type { ProfileDocument } from '../../profile/model.ts';
import { type ArrayNode, type Node, type ObjectNode, pathAt, type SyntaxProblem } from '../../syntax/tree.ts';
import type { Edit } from '../check.ts';
import { indentation, lineBreak, lineStart } from './layout.ts';

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

/** Closes brackets, inner ones first: where the next bracket or key shows that they should end, else where they break off. */
export function closeBrackets(document: ProfileDocument, unclosed: readonly SyntaxProblem[]): readonly Edit[] {
  const { text } = document;
  const first = unclosed[0]!;
  const at = unclosed.length === 1 ? endOf(document, first) : first.start;
  let inserted = '';
  let previousLine = lineStart(text, at);
  for (const { opened = 0 } of unclosed) {
    const line = lineStart(text, opened);
    if (line !== previousLine) inserted += lineBreak(text) + indentation(text, opened);
    inserted += text[opened] === '{' ? '}' : ']';
    previousLine = line;
  }
  return [{ start: at, end: at, text: inserted }];
}

/** Where an unclosed object or array should have ended. */
function endOf(document: ProfileDocument, { opened = 0, start }: SyntaxProblem): number {
  const container = containerAt(document, opened);
  const problems = document.tree.problems.filter((problem) => opened < problem.start && problem.start <= start);
  if (container?.kind === 'array') {
    const colon = problems.find((problem) => problem.kind === 'stray' && isDirect(container.items, problem));
    const key = colon ? container.items.findLastIndex((item) => item.end <= colon.start) : 0;
    if (key > 0) return container.items[key - 1]!.end;
  }
  if (container?.kind === 'object') {
    const brace = problems.find((problem) => problem.kind === 'missing-key' && problem.text.startsWith('{'));
    const before = brace && container.members.findLast((member) => member.end <= brace.start);
    if (brace && before && isDirect(container.members, brace)) return before.end;
  }
  return start;
}

function isDirect(
  children: readonly { readonly start: number; readonly end: number }[],
  problem: SyntaxProblem,
): boolean {
  return !children.some((child) => child.start < problem.start && problem.start < child.end);
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
    const { members } = container;
    return members.length > 0 && members.every((m) => m.colon === undefined && !m.value) ? 'list' : 'none';
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
