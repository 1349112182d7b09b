import { removeItems, replaceNode } from '../../checks/edits.ts';
import { effectiveMember, type ObjectView, type ProfileDocument } from '../../profile/model.ts';
import { type ArrayNode, type Span, type StringNode, touches } from '../../syntax/tree.ts';
import type { CodeActionItem } from './types.ts';

/** Rewritings of the `names` that hold the range: sorted, without repetition. Empty elsewhere and where nothing changes. */
export function namesActions(document: ProfileDocument, range: Span): readonly CodeActionItem[] {
  const array = namesAt(document, range);
  const strings = array?.items.filter((item): item is StringNode => item.kind === 'string') ?? [];
  if (!array?.closed || strings.length < array.items.length) return [];
  return [...sortAction(document.text, strings), ...repetitionAction(document.text, array, strings)];
}

function namesAt(document: ProfileDocument, range: Span): ArrayNode | undefined {
  const holds = (view: ObjectView): boolean => touches(view.node, range.start) && touches(view.node, range.end);
  const rule = document.views.find((view) => view.kind === 'rule' && holds(view));
  const names = rule && effectiveMember(rule, 'names');
  if (names?.typed?.kind !== 'array') return undefined;
  return touches(names.member, range.start) && touches(names.member, range.end) ? names.typed : undefined;
}

/** Exchanges the names and leaves what is between them, so that the layout stays. */
function sortAction(text: string, names: readonly StringNode[]): readonly CodeActionItem[] {
  const sorted = names.toSorted((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  const edits = names.flatMap((node, i) => {
    const other = sorted[i]!;
    return other.value === node.value ? [] : [replaceNode(node, text.slice(other.start, other.end))];
  });
  return edits.length > 0 ? [{ title: 'Sort names', kind: 'refactor.rewrite', edits }] : [];
}

function repetitionAction(text: string, array: ArrayNode, names: readonly StringNode[]): readonly CodeActionItem[] {
  const seen = new Set<string>();
  const repeated = names.filter((node) => seen.size === seen.add(node.value).size);
  if (repeated.length === 0) return [];
  return [{ title: 'Remove duplicate names', kind: 'refactor.rewrite', edits: removeItems(text, array, repeated) }];
}
