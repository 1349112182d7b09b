import { effectiveMember, type ObjectView } from '../profile/model.ts';
import type { ArrayNode, Member, Node, Span } from '../syntax/tree.ts';
import type { Edit } from './check.ts';

/** Removes elements of a list together with the commas and the white space that they leave behind. */
export function removeFromList(text: string, siblings: readonly Span[], doomed: ReadonlySet<Span>): readonly Edit[] {
  if (siblings.every((span) => doomed.has(span))) return siblings.length === 0 ? [] : [removeAll(text, siblings)];
  const edits: Edit[] = [];
  let kept: Span | undefined;
  siblings.forEach((span, i) => {
    if (!doomed.has(span)) {
      kept = span;
      return;
    }
    const next = siblings[i + 1];
    if (kept) edits.push({ start: siblings[i - 1]!.end, end: span.end, text: '' });
    else if (next) edits.push({ start: span.start, end: next.start, text: '' });
  });
  return edits;
}

function removeAll(text: string, siblings: readonly Span[]): Edit {
  const end = siblings.at(-1)!.end;
  const comma = /^\s*,/.exec(text.slice(end, end + 200));
  return { start: siblings[0]!.start, end: end + (comma?.[0].length ?? 0), text: '' };
}

export function removeItems(text: string, array: ArrayNode, doomed: readonly Node[]): readonly Edit[] {
  return removeFromList(text, array.items, new Set<Span>(doomed));
}

export function removeMembers(text: string, view: ObjectView, doomed: readonly Member[]): readonly Edit[] {
  return removeFromList(text, view.node.members, new Set<Span>(doomed));
}

/** Replaces a node by new JSON text. */
export function replaceNode(node: Span, text: string): Edit {
  return { start: node.start, end: node.end, text };
}

/** White space before an element when it starts a line, or a single blank: what a new neighbour should stand behind. */
export function separatorBefore(text: string, span: Span): string {
  const line = /(\r?\n[ \t]*)$/.exec(text.slice(Math.max(0, span.start - 200), span.start));
  return line ? line[1]! : ' ';
}

/** Adds values behind the last item of an array, in the layout of the items that are there. */
export function appendItems(text: string, array: ArrayNode, values: readonly string[]): readonly Edit[] {
  if (values.length === 0) return [];
  const last = array.items.at(-1);
  if (!last) return [{ start: array.start + 1, end: array.start + 1, text: values.join(', ') }];
  const separator = array.items.length > 1 ? separatorBefore(text, last) : separatorBefore(text, last);
  return [{ start: last.end, end: last.end, text: values.map((value) => `,${separator}${value}`).join('') }];
}

/** Adds a member to an object: behind its last member, in the same layout, or alone. */
export function addMember(text: string, view: ObjectView, key: string, value: string): Edit {
  const last = view.node.members.at(-1);
  const member = `${JSON.stringify(key)}: ${value}`;
  if (!last) return { start: view.node.start + 1, end: view.node.start + 1, text: ` ${member} ` };
  return { start: last.end, end: last.end, text: `,${separatorBefore(text, last)}${member}` };
}

/** Adds a member in front of all others. */
export function addFirstMember(text: string, view: ObjectView, key: string, value: string): Edit {
  const first = view.node.members[0];
  if (!first) return addMember(text, view, key, value);
  const member = `${JSON.stringify(key)}: ${value}`;
  return { start: first.start, end: first.start, text: `${member},${separatorBefore(text, first)}` };
}

/** The value of a key as it counts, whatever its type; undefined when absent. */
export function valueNode(view: ObjectView, key: string): Node | undefined {
  return effectiveMember(view, key)?.member.value;
}

/** Applies edits that do not overlap, given in any order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let from = 0;
  for (const edit of ordered) {
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from);
}

/** Whether the edits can be applied together: no text is replaced twice, no two insertions share a place. */
export function disjoint(edits: readonly Edit[]): boolean {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  return ordered.every((edit, i) => {
    const before = ordered[i - 1];
    return !before || before.end < edit.start || (before.end === edit.start && before.start !== edit.start);
  });
}
