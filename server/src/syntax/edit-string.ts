import { shiftMembers, shiftNodes } from './shift.ts';
import type { Member, Node, StringNode } from './tree.ts';

/** The nodes from an item down to an offset, outermost first. */
export type Path = readonly (Node | Member)[];

/**
 * The string at the end of a path after a change between its quotes; undefined unless its characters stood for themselves
 * and still do, since only then nothing around it can be read in another way. `content` gives what is between the quotes now.
 */
export function editedString(
  path: Path,
  change: { readonly start: number; readonly end: number },
  content: (start: number, end: number) => string,
  delta: number,
): StringNode | undefined {
  const node = path.at(-1);
  if (!node || !('kind' in node) || node.kind !== 'string' || !node.closed) return undefined;
  const { start, end, value: old } = node;
  // an escape takes more than it stands for, and a bare word is as long as what it stands for
  if (change.start <= start || change.end >= end || old.length !== end - start - 2 || !isPlain(old)) return undefined;
  const value = content(start + 1, end - 1 + delta);
  return isPlain(value) ? { kind: 'string', value, closed: true, start, end: end + delta } : undefined;
}

/** Whether a string with this content is written as it is: no escape, no quote, no control character. */
function isPlain(content: string): boolean {
  for (let i = 0; i < content.length; i++) {
    const code = content.charCodeAt(i);
    if (code < 0x20 || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

/**
 * The first node of a path with another string at the path's end. The nodes of the path are copied, so that the old ones keep
 * what they hold; all others are taken over, and moved where they stand behind the string.
 */
export function withString(path: Path, string: StringNode, delta: number, at = 0): Node {
  const node = path[at] as Node;
  const next = path[at + 1];
  const end = node.end + delta;
  if (node.kind === 'object') {
    const i = node.members.indexOf(next as Member);
    shiftMembers(node.members, i + 1, delta);
    return { ...node, members: node.members.with(i, memberWithString(path, string, delta, at + 1)), end };
  }
  if (node.kind === 'array') {
    const i = node.items.indexOf(next as Node);
    shiftNodes(node.items, i + 1, delta);
    return { ...node, items: node.items.with(i, withString(path, string, delta, at + 1)), end };
  }
  return string;
}

function memberWithString(path: Path, string: StringNode, delta: number, at: number): Member {
  const member = path[at] as Member;
  const end = member.end + delta;
  if (path[at + 1] !== member.key) return { ...member, value: withString(path, string, delta, at + 1), end };
  if (member.value) shiftNodes([member.value], 0, delta);
  return { ...member, key: string, ...(member.colon !== undefined && { colon: member.colon + delta }), end };
}
