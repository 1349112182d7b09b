import { commentAt, isString, previousSignificant, type Scanned } from '../features/gaps.ts';
import type { ArrayNode, Member, Node, ObjectNode } from '../syntax/tree.ts';
import type { CasesDocument } from './model.ts';
import { type CaseKey, type CaseObject, type CaseValue, caseKey } from './schema.ts';

/** What may stand at the cursor. */
export type CaseSlot =
  | { readonly kind: 'document' }
  | { readonly kind: 'key'; readonly of: CaseObject; readonly node: ObjectNode; readonly member: Member | undefined }
  | { readonly kind: 'value'; readonly key: CaseKey }
  | { readonly kind: 'item'; readonly type: CaseValue; readonly array: ArrayNode };

export interface CaseCursor {
  readonly offset: number;
  readonly slot: CaseSlot;
  /** The text, number or word under the cursor. */
  readonly token: Node | undefined;
  /** Where a comma is missing before the cursor. */
  readonly missingComma: number | undefined;
}

/** What may stand at an offset of a file of test cases, on whole and on broken text; undefined where nothing can. */
export function caseCursor(document: CasesDocument, offset: number): CaseCursor | undefined {
  const { root } = document.tree;
  if (commentAt(document, offset)) return undefined;
  if (root?.kind === 'invalid' && !holds(document, root, offset)) return undefined;
  if (!root || root.kind === 'invalid')
    return { offset, slot: { kind: 'document' }, token: root, missingComma: undefined };
  const type: CaseValue = root.kind === 'array' ? { kind: 'objects', of: 'case' } : { kind: 'object', of: 'file' };
  return inside(document, root, type, offset);
}

function inside(document: Scanned, node: Node, type: CaseValue, offset: number): CaseCursor | undefined {
  if (!holds(document, node, offset)) return undefined;
  if (node.kind === 'object' && type.kind === 'object') return inObject(document, node, type.of, offset);
  if (node.kind === 'array') return inArray(document, node, type, offset);
  return undefined;
}

function inObject(document: Scanned, node: ObjectNode, of: CaseObject, offset: number): CaseCursor | undefined {
  const member = node.members.findLast(({ start }) => start <= offset);
  const free: CaseSlot = { kind: 'key', of, node, member: undefined };
  if (!member) return between(document, offset, free);
  if (holds(document, member.key, offset))
    return { offset, slot: { ...free, member }, token: member.key, missingComma: missingComma(document, member.start) };
  if (member.colon === undefined || offset <= member.colon) return between(document, offset, free);
  const key = caseKey(of, member.key.value);
  const { value } = member;
  if (!value) return key && { offset, slot: { kind: 'value', key }, token: undefined, missingComma: undefined };
  if (!holds(document, value, offset)) return offset > value.start ? between(document, offset, free) : undefined;
  if (!key) return undefined;
  if (value.kind === 'object' || value.kind === 'array') return inside(document, value, key.type, offset);
  return { offset, slot: { kind: 'value', key }, token: value, missingComma: undefined };
}

function inArray(document: Scanned, array: ArrayNode, type: CaseValue, offset: number): CaseCursor | undefined {
  const item = array.items.findLast(({ start }) => start <= offset);
  const slot: CaseSlot = { kind: 'item', type, array };
  if (!item || !holds(document, item, offset)) return between(document, offset, slot);
  if (item.kind === 'object' && type.kind === 'objects')
    return inside(document, item, { kind: 'object', of: type.of }, offset);
  if (item.kind === 'object' || item.kind === 'array') return undefined;
  return { offset, slot, token: item, missingComma: missingComma(document, item.start) };
}

/** A place between elements: not right behind one, and not where a value is due. */
function between(document: Scanned, offset: number, slot: CaseSlot): CaseCursor | undefined {
  const before = previousSignificant(document, offset);
  const missing = missingComma(document, offset);
  if (document.text[before - 1] === ':' || (missing !== undefined && before === offset)) return undefined;
  return { offset, slot, token: undefined, missingComma: missing };
}

function missingComma(document: Scanned, offset: number): number | undefined {
  const before = previousSignificant(document, offset);
  return /[,{[]/.test(document.text[before - 1] ?? '{') ? undefined : before;
}

/** Whether the cursor is in a node so that typing changes it. What is not closed goes on to the end of the text. */
function holds(document: Scanned, node: Node, offset: number): boolean {
  if (node.kind === 'object' || node.kind === 'array')
    return node.start < offset && (!node.closed || offset < node.end);
  if (!isString(document, node)) return node.start <= offset && offset <= node.end;
  return node.start < offset && (node.closed ? offset < node.end : offset <= node.end);
}
