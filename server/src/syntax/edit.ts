import { editedString, type Path, withString } from './edit-string.ts';
import { parse } from './parse.ts';
import { replaceItem, shiftMembers, shiftNodes, shiftProblems, stretch } from './shift.ts';
import {
  type ArrayNode,
  type Member,
  type Node,
  type ObjectNode,
  pathAt,
  type Span,
  type StringNode,
  type SyntaxProblem,
  type SyntaxTree,
} from './tree.ts';

/** A change of a text: what stood from `start` to `end`, offsets in the old text, gave way to `length` characters. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

/** An object that is an item of a list behind a key of the root, as a rule is. */
export interface Item {
  readonly root: ObjectNode;
  readonly member: Member;
  readonly list: ArrayNode;
  readonly node: ObjectNode;
  /** From the object down to the offset that it was found by. */
  readonly path: Path;
}

/** The tree of the new text and what stands in it for the item that was changed. */
export interface EditedItem {
  readonly tree: SyntaxTree;
  readonly node: ObjectNode;
}

/** Brackets around an item: the root's and the list's. */
const ITEM_DEPTH = 2;

/** The item around an offset. */
export function itemAt(tree: SyntaxTree, offset: number): Item | undefined {
  const [root, member, list, ...path] = pathAt(tree, offset);
  const [node] = path;
  if (!root || !member || !list || !node || 'kind' in member) return undefined;
  return isObject(root) && isArray(list) && isObject(node) ? { root, member, list, node, path } : undefined;
}

function isObject(node: Node | Member): node is ObjectNode {
  return 'kind' in node && node.kind === 'object';
}

function isArray(node: Node | Member): node is ArrayNode {
  return 'kind' in node && node.kind === 'array';
}

/**
 * Parses only the item that a change lies in, which was found by the change's start. The tree of the new text takes over the
 * nodes of the old one, which must not be used any more: those behind the change are moved in place, so that all outside of
 * the item stay the same objects.
 *
 * Undefined, with nothing touched, where the change reaches the item's own brackets, or where the item does not end with
 * its old bracket any more: the text around it could then be read in another way. Else it cannot: tokens depend on nothing
 * in front of them and on no more than the next sign behind them, and that is a bracket which stays.
 */
export function editItem(tree: SyntaxTree, item: Item, text: string, change: TextChange): EditedItem | undefined {
  const { start, end, closed } = item.node;
  if (!closed || change.start <= start || change.end >= end) return undefined;
  const delta = change.length - (change.end - change.start);
  return changeString(tree, item, text, change, delta) ?? parseItem(tree, item, text, delta);
}

/** Nothing is parsed for a change between quotes: that is where most typing happens, and rules can be long. */
function changeString(
  tree: SyntaxTree,
  item: Item,
  text: string,
  change: TextChange,
  delta: number,
): EditedItem | undefined {
  const { root, path } = item;
  const string = editedString(path, change, (start, end) => flatCopy(text.slice(start, end)), delta);
  const node = string && withString(path, string, delta);
  if (!node || !isObject(node)) return undefined;
  putInPlace(item, node, delta);
  shiftProblems(tree.problems, delta, string.end - delta);
  return { tree: { root, problems: tree.problems }, node };
}

function parseItem(tree: SyntaxTree, item: Item, text: string, delta: number): EditedItem | undefined {
  const { start, end } = item.node;
  const { root: node, problems } = parse(flatCopy(text.slice(start, end + delta)), ITEM_DEPTH);
  if (node?.kind !== 'object' || !node.closed || start + node.end !== end + delta) return undefined;
  shiftNodes([node], 0, start);
  shiftProblems(problems, start, 0);
  putInPlace(item, node, delta);
  return { tree: { root: item.root, problems: replaced(tree.problems, item.node, problems, delta) }, node };
}

/** The tree of the new text and what stands in it for the string that was changed. */
export interface EditedText {
  readonly tree: SyntaxTree;
  readonly node: StringNode;
}

/**
 * Exchanges only the string that a change lies in, which stands in a list behind a key of an item, as a name of a rule does:
 * the item stays the same object, too. Undefined, with nothing touched, where `editItem` must be asked.
 */
export function editText(tree: SyntaxTree, item: Item, text: string, change: TextChange): EditedText | undefined {
  const [node, member, list, old] = item.path as readonly [ObjectNode, Member, Node, Node];
  if (item.path.length !== 4 || !isArray(list) || !node.closed) return undefined;
  const delta = change.length - (change.end - change.start);
  const string = editedString(item.path, change, (start, end) => flatCopy(text.slice(start, end)), delta);
  if (!string) return undefined;
  const index = list.items.indexOf(old);
  replaceItem(list.items, index, string);
  shiftNodes(list.items, index + 1, delta);
  shiftMembers(node.members, node.members.indexOf(member) + 1, delta);
  for (const around of [list, member, node]) stretch(around, delta);
  moveBehind(item, item.list.items.indexOf(node), delta);
  shiftProblems(tree.problems, delta, string.end - delta);
  return { tree: { root: item.root, problems: tree.problems }, node: string };
}

/** The engine's slices keep the text alive that they are part of: every change would keep one more version of the document. */
function flatCopy(part: string): string {
  return JSON.parse(JSON.stringify(part)) as string;
}

function putInPlace(item: Item, node: ObjectNode, delta: number): void {
  const index = item.list.items.indexOf(item.node);
  replaceItem(item.list.items, index, node);
  moveBehind(item, index, delta);
}

/** Moves all that is behind an item. */
function moveBehind({ root, member, list }: Item, index: number, delta: number): void {
  shiftNodes(list.items, index + 1, delta);
  shiftMembers(root.members, root.members.indexOf(member) + 1, delta);
  for (const around of [list, member, root]) stretch(around, delta);
}

/** Problems come in the order in which they are met, so those of an item stand together: none starts at its brackets' outer sides. */
function replaced(
  problems: readonly SyntaxProblem[],
  { start, end }: Span,
  inside: readonly SyntaxProblem[],
  delta: number,
): readonly SyntaxProblem[] {
  const before = problems.filter((problem) => problem.start <= start);
  const behind = problems.filter((problem) => problem.start >= end);
  shiftProblems(behind, delta, end);
  return [...before, ...inside, ...behind];
}
