import { effectiveMember, type ObjectView } from '../profile/model.ts';
import { countWhere } from '../syntax/bisect.ts';
import type { ArrayNode, Member, Node, Span } from '../syntax/tree.ts';
import type { Edit } from './check.ts';

/** Removes elements of a list together with the commas and the white space that they leave behind. */
export function removeFromList(text: string, siblings: readonly Span[], doomed: ReadonlySet<Span>): readonly Edit[] {
  const places = [...doomed].map((span) => indexOf(siblings, span)).filter((i) => i >= 0);
  if (places.length === siblings.length) return siblings.length === 0 ? [] : [removeAll(text, siblings)];
  return places
    .sort((a, b) => a - b)
    .flatMap((i, doomedBefore) => {
      const span = siblings[i]!;
      const next = siblings[i + 1];
      // where the comma behind it is missing, the one before it is needed
      const lacksComma = next && !doomed.has(next) && !text.slice(span.end, next.start).includes(',');
      if (i > doomedBefore && !lacksComma) return { start: siblings[i - 1]!.end, end: span.end, text: '' };
      return next ? { start: span.start, end: next.start, text: '' } : [];
    });
}

/** By bisection: lists can be long, and each of many findings removes something from them. */
function indexOf(siblings: readonly Span[], span: Span): number {
  const place = countWhere(siblings, ({ start }) => start < span.start);
  return siblings[place] === span ? place : -1;
}

/** Whether something is an item of an array, not only like one. */
export function isItem(array: ArrayNode, node: Node): boolean {
  return indexOf(array.items, node) >= 0;
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

/** Texts as a list of JSON. */
export function listText(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(', ')}]`;
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
  const ordered = [...edits].sort(byPlace);
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
  const ordered = [...edits].sort(byPlace);
  return ordered.every((edit, i) => follows(ordered[i - 1], edit));
}

/** Edits that can be applied together, collected fix by fix. */
export interface EditCollection {
  /** In the order of the text. */
  readonly edits: readonly Edit[];
  /** Takes the edits in, all or none: false where one touches what is there already. */
  add(edits: readonly Edit[]): boolean;
}

/** Starts a collection. Adding takes the time of a bisection where edits come roughly in the order of the text. */
export function collectEdits(): EditCollection {
  const edits: Edit[] = [];
  const placeOf = (edit: Edit): number => countWhere(edits, (each) => byPlace(each, edit) <= 0);
  const fits = (edit: Edit): boolean => {
    const place = placeOf(edit);
    return follows(edits[place - 1], edit) && follows(edit, edits[place]);
  };
  return {
    edits,
    add(more) {
      if (!disjoint(more) || !more.every(fits)) return false;
      for (const edit of more) edits.splice(placeOf(edit), 0, edit);
      return true;
    },
  };
}

const byPlace = (a: Edit, b: Edit): number => a.start - b.start || a.end - b.end;

/** Whether the second edit stands behind the first without touching its text; true where there is none. */
function follows(first: Edit | undefined, second: Edit | undefined): boolean {
  if (!first || !second) return true;
  return first.end < second.start || (first.end === second.start && first.start !== second.start);
}
