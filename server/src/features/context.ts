import type { ProfileDocument } from '../profile/model.ts';
import { keySpec, type ObjectKind, type ValueType } from '../profile/schema.ts';
import { countWhere } from '../syntax/bisect.ts';
import type { ArrayNode, Member, Node, ObjectNode, Span, StringNode } from '../syntax/tree.ts';
import { commentAt, isString, nextSignificant, previousSignificant } from './gaps.ts';

/** An object of the format around the cursor. */
export interface Scope {
  readonly kind: ObjectKind;
  readonly node: ObjectNode;
}

/** What may stand at the cursor. */
export type Slot =
  /** Nothing but blanks or a half-typed word in the whole text. */
  | { readonly kind: 'document' }
  /** A key of the innermost scope; `member` is the one whose key is under the cursor. */
  | { readonly kind: 'key'; readonly member: Member | undefined }
  /** The value of a key of the innermost scope. */
  | { readonly kind: 'value'; readonly key: string; readonly type: ValueType }
  /** An item of the array behind a key of the innermost scope; without a scope, of an array of rules. */
  | { readonly kind: 'item'; readonly key: string; readonly type: ValueType; readonly array: ArrayNode };

export interface Cursor {
  readonly offset: number;
  readonly slot: Slot;
  /** The string, number or word under the cursor; for a bare word its end counts as well. */
  readonly token: Node | undefined;
  /** Objects around the cursor, outermost first. */
  readonly scopes: readonly Scope[];
  /** Where a comma is missing between the cursor and what stands before it. */
  readonly missingComma: number | undefined;
}

/**
 * What may stand at an offset, on whole and on broken text. Undefined where nothing of the format can: in comments, right
 * behind a complete value, in objects that the format does not have. Costs a bisection for each level.
 */
export function cursorAt(document: ProfileDocument, offset: number): Cursor | undefined {
  const { root } = document.tree;
  if (commentAt(document, offset)) return undefined;
  const cursor = (slot: Slot, token?: Node): Cursor => ({ offset, slot, token, scopes: [], missingComma: undefined });
  if (!root) return cursor({ kind: 'document' });
  if (root.kind === 'invalid' && holds(document, root, offset)) return cursor({ kind: 'document' }, root);
  return within(document, root, rootType(document, root), [], offset, document.text.length);
}

function rootType(document: ProfileDocument, root: Node): ValueType | undefined {
  if (root.kind === 'array') return { kind: 'objects', of: 'rule' };
  return root.kind === 'object' ? { kind: 'object', of: document.shape === 'rule' ? 'rule' : 'profile' } : undefined;
}

/** Looks into a bracket pair that the format expects there; `limit` is how far an unclosed one reaches. */
function within(
  document: ProfileDocument,
  node: Node,
  type: ValueType | undefined,
  scopes: readonly Scope[],
  offset: number,
  limit: number,
): Cursor | undefined {
  if (!type || !holds(document, node, offset, limit)) return undefined;
  const reach = 'closed' in node && node.closed ? node.end : limit;
  if (node.kind === 'object' && type.kind === 'object')
    return inObject(document, node, [...scopes, { kind: type.of, node }], offset, reach);
  if (node.kind === 'array' && (type.kind === 'objects' || type.kind === 'strings'))
    return inArray(document, node, type, scopes, offset, reach);
  return undefined;
}

function inObject(
  document: ProfileDocument,
  node: ObjectNode,
  scopes: readonly Scope[],
  offset: number,
  limit: number,
): Cursor | undefined {
  const position = lastStarted(node.members, offset);
  const member = node.members[position];
  const next = node.members[position + 1]?.start ?? limit;
  if (member && holds(document, member.key, offset))
    return {
      offset,
      scopes,
      slot: { kind: 'key', member },
      token: member.key,
      missingComma: commaBefore(document, member),
    };
  if (member?.colon !== undefined && offset > member.colon && !commaBetween(document, member, offset)) {
    const found = inValue(document, member, scopes, offset, next);
    if (found !== 'behind') return found;
  }
  return between(document, offset, scopes, { kind: 'key', member: undefined });
}

/** The place behind the colon of a member; `behind` when the cursor has left its value. */
function inValue(
  document: ProfileDocument,
  member: Member,
  scopes: readonly Scope[],
  offset: number,
  limit: number,
): Cursor | undefined | 'behind' {
  const spec = keySpec(scopes.at(-1)!.kind, member.key.value);
  const { value } = member;
  const slot: Slot | undefined = spec && { kind: 'value', key: spec.key, type: spec.type };
  const empty = slot && { offset, scopes, slot, token: undefined, missingComma: undefined };
  if (!value) return empty;
  if (holds(document, value, offset, limit)) {
    if (value.kind === 'object' || value.kind === 'array')
      return within(document, value, spec?.type, scopes, offset, limit);
    return empty && { ...empty, token: value };
  }
  if (offset > value.start) return 'behind';
  return isKey(document, value) ? empty : undefined;
}

/** A string that was taken for the value of a half-typed member but is the next key. */
function isKey(document: ProfileDocument, value: Node): boolean {
  return value.kind === 'string' && document.text[nextSignificant(document, value.end)] === ':';
}

function inArray(
  document: ProfileDocument,
  array: ArrayNode,
  type: ValueType & { readonly kind: 'objects' | 'strings' },
  scopes: readonly Scope[],
  offset: number,
  limit: number,
): Cursor | undefined {
  const position = lastStarted(array.items, offset);
  const item = array.items[position];
  const key = keyOf(scopes, array);
  const slot: Slot = { kind: 'item', key, type, array };
  const next = array.items[position + 1]?.start ?? limit;
  if (item && holds(document, item, offset, next)) {
    if (item.kind === 'object') {
      const inner: ValueType | undefined = type.kind === 'objects' ? { kind: 'object', of: type.of } : undefined;
      return within(document, item, inner, scopes, offset, next);
    }
    if (item.kind === 'array') return undefined;
    return { offset, scopes, slot, token: item, missingComma: commaBefore(document, item) };
  }
  return between(document, offset, scopes, slot);
}

/** The key whose value an array is; `syscalls` for an array that is the whole text. */
function keyOf(scopes: readonly Scope[], array: ArrayNode): string {
  const owner = scopes.at(-1);
  const member = owner?.node.members.find((candidate) => candidate.value === array);
  return (owner && member && keySpec(owner.kind, member.key.value)?.key) ?? 'syscalls';
}

/** A place between elements: free behind a bracket or a comma, in want of a comma behind anything else. */
function between(document: ProfileDocument, offset: number, scopes: readonly Scope[], slot: Slot): Cursor | undefined {
  const before = previousSignificant(document, offset);
  const sign = document.text[before - 1];
  if (sign === ':') return undefined;
  const clean = sign === ',' || sign === '{' || sign === '[';
  if (!clean && (before === offset || isKeyAlone(slot, scopes, offset))) return undefined;
  return { offset, scopes, slot, token: undefined, missingComma: clean ? undefined : before };
}

/** Behind a key without colon nothing can follow but the colon. */
function isKeyAlone(slot: Slot, scopes: readonly Scope[], offset: number): boolean {
  if (slot.kind !== 'key') return false;
  const { members } = scopes.at(-1)!.node;
  const member = members[lastStarted(members, offset)];
  return member !== undefined && member.colon === undefined && !member.value;
}

function commaBefore(document: ProfileDocument, element: Span): number | undefined {
  const before = previousSignificant(document, element.start);
  const sign = document.text[before - 1];
  return sign === ',' || sign === '{' || sign === '[' ? undefined : before;
}

function commaBetween(document: ProfileDocument, member: Member, offset: number): boolean {
  if (member.end >= offset) return false;
  return document.text[nextSignificant(document, member.end)] === ',' && nextSignificant(document, member.end) < offset;
}

/**
 * Whether the cursor is in a node so that typing changes it: between the quotes of a string, between brackets, or at a
 * bare word, its ends included. What is not closed goes on to the end of the line (strings) or to `limit` (brackets).
 */
function holds(document: ProfileDocument, node: Node | StringNode, offset: number, limit = node.end): boolean {
  if (node.kind === 'object' || node.kind === 'array')
    return node.start < offset && (node.closed ? offset < node.end : offset <= limit);
  if (!isString(document, node)) return node.start <= offset && offset <= node.end;
  return node.start < offset && (node.closed ? offset < node.end : offset <= node.end);
}

/** Index of the last of ordered spans that starts at or before the offset, by bisection; -1 when there is none. */
function lastStarted(spans: readonly Span[], offset: number): number {
  return countWhere(spans, ({ start }) => start <= offset) - 1;
}
