import assert from 'node:assert/strict';
import { type Analysis, analyse } from '../../../server/src/checks/analyse.ts';
import { applyEdits } from '../../../server/src/checks/edits.ts';
import { type CompletionItem, type CompletionList, complete } from '../../../server/src/features/completion.ts';
import type { Target } from '../../../server/src/policy/target.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { defaultTarget } from '../../../server/src/settings.ts';

export interface Marked {
  readonly text: string;
  readonly offset: number;
}

/** A text without its cursor marker, the first `|`, and where it stood. */
export function marked(text: string): Marked {
  const offset = text.indexOf('|');
  assert.notEqual(offset, -1, `no cursor in ${text}`);
  return { text: text.slice(0, offset) + text.slice(offset + 1), offset };
}

/** The analysis of a text for the default target with some parts replaced. */
export function analysed(text: string, target: Partial<Target> = {}): Analysis {
  return analyse(parseProfile(text), { target: { ...defaultTarget(), ...target } });
}

/** The completion list at the marker; fails where there is none. */
export function completionAt(source: string, target: Partial<Target> = {}, snippets = false): CompletionList {
  const { text, offset } = marked(source);
  const list = complete(analysed(text, target), offset, { snippets });
  assert.ok(list, `nothing offered at ${source}`);
  assert.ok(list.span.start <= offset && offset <= list.span.end, 'the cursor is not in the replaced text');
  assert.ok(!text.slice(list.span.start, list.span.end).includes('\n'), 'the replaced text has several lines');
  return list;
}

/** Asserts that nothing is offered at the marker. */
export function expectNothing(source: string): void {
  const { text, offset } = marked(source);
  assert.equal(complete(analysed(text), offset, { snippets: false }), undefined);
}

/** The labels at the marker in the order in which an editor shows them. */
export function labelsAt(source: string, target: Partial<Target> = {}): readonly string[] {
  return inOrder(completionAt(source, target)).map((item) => item.label);
}

function inOrder(list: CompletionList): readonly CompletionItem[] {
  const key = ({ sortText, label }: CompletionItem): string => sortText ?? label;
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return list.items.toSorted((a, b) => compare(key(a), key(b)) || compare(a.label, b.label));
}

export function itemAt(source: string, label: string, target: Partial<Target> = {}, snippets = false): CompletionItem {
  const list = completionAt(source, target, snippets);
  const item = list.items.find((candidate) => candidate.label === label);
  assert.ok(item, `${label} is not among ${list.items.map((candidate) => candidate.label).join(', ')}`);
  return item;
}

/** The text after the item with this label is accepted at the marker, placeholders filled in or, with `snippets`, kept. */
export function accepted(source: string, label: string, target: Partial<Target> = {}, snippets = false): string {
  const { span, additional } = completionAt(source, target, snippets);
  const { insertText } = itemAt(source, label, target, snippets);
  return applyEdits(marked(source).text, [...(additional ? [additional] : []), { ...span, text: insertText }]);
}

/** Asserts that editors which match by subsequence, without regard to case, would keep the item for what is typed. */
export function expectFound(source: string, label: string, target: Partial<Target> = {}): void {
  const { text, offset } = marked(source);
  const { span } = completionAt(source, target);
  const typed = text.slice(span.start, offset).toLowerCase();
  const { filterText = label } = itemAt(source, label, target);
  let at = 0;
  for (const sign of filterText.toLowerCase()) if (sign === typed[at]) at++;
  assert.equal(at, typed.length, `${JSON.stringify(filterText)} is not found by ${JSON.stringify(typed)}`);
}
