import type { Analysis } from '../checks/analyse.ts';
import type { ValueType } from '../profile/schema.ts';
import { candidatesFor } from './completion/candidates.ts';
import { keyItems } from './completion/keys.ts';
import { type Place, placeAt } from './completion/place.ts';
import { objectShape, valueShape } from './completion/shapes.ts';
import { plainText } from './completion/snippet.ts';
import type { Candidate, Candidates, CompletionItem, CompletionList, CompletionOptions } from './completion/types.ts';
import { type Cursor, cursorAt } from './context.ts';
import { isString } from './gaps.ts';

export { resolveCompletion } from './completion/resolve.ts';
export type {
  CompletionData,
  CompletionItem,
  CompletionList,
  CompletionOptions,
  ItemKind,
} from './completion/types.ts';

/**
 * What can be put in at an offset; undefined where there is nothing to offer. Documentation is left to
 * `resolveCompletion`, so that the list of all syscalls stays cheap.
 */
export function complete(analysis: Analysis, offset: number, options: CompletionOptions): CompletionList | undefined {
  const cursor = cursorAt(analysis.document, offset);
  const list = cursor && listAt(analysis, cursor);
  if (!list || list.items.length === 0) return undefined;
  return options.snippets ? list : { ...list, items: list.items.map(withoutSnippet) };
}

function withoutSnippet({ isSnippet, ...item }: CompletionItem): CompletionItem {
  return isSnippet ? { ...item, insertText: plainText(item.insertText) } : item;
}

function listAt(analysis: Analysis, cursor: Cursor): CompletionList | undefined {
  const { slot } = cursor;
  switch (slot.kind) {
    case 'document':
      return shapeList(analysis, cursor, [
        ['profile', objectShape(analysis, 'profile', lineBreakOf(analysis.document.text))],
        ['rule', objectShape(analysis, 'rule', '')],
      ]);
    case 'key':
      return keyList(analysis, cursor);
    case 'item':
      return itemList(analysis, cursor, slot.type);
    case 'value':
      return valueList(analysis, cursor, slot.type);
  }
}

function keyList(analysis: Analysis, cursor: Cursor): CompletionList {
  const place = placeAt(analysis.document, cursor, 'string');
  return {
    items: keyItems(analysis, cursor, place),
    span: place.replace,
    additional: place.additional,
    data: { source: 'key', of: cursor.scopes.at(-1)!.kind },
  };
}

function itemList(analysis: Analysis, cursor: Cursor, type: ValueType): CompletionList | undefined {
  if (type.kind === 'strings') return fitted(analysis, cursor, candidatesFor(analysis, cursor, type));
  if (type.kind !== 'objects' || isString(analysis.document, cursor.token)) return undefined;
  return shapeList(analysis, cursor, [[shapeLabel(type.of), objectShape(analysis, type.of, '')]]);
}

function valueList(analysis: Analysis, cursor: Cursor, type: ValueType): CompletionList | undefined {
  if (type.kind === 'string' || type.kind === 'uint')
    return fitted(analysis, cursor, candidatesFor(analysis, cursor, type));
  if (isString(analysis.document, cursor.token)) {
    const candidates = type.kind === 'strings' ? candidatesFor(analysis, cursor, type) : undefined;
    return candidates && fitted(analysis, cursor, { ...candidates, quoted: false }, ['["', '"]']);
  }
  const key = cursor.slot.kind === 'value' ? cursor.slot.key : '';
  const label = type.kind === 'object' ? '{ }' : '[ ]';
  return shapeList(analysis, cursor, [[label, valueShape(analysis, { key, type }, '')]]);
}

const SHAPE_LABELS = {
  archMapEntry: 'architecture',
  condition: 'condition',
  rule: 'rule',
  filter: 'filter',
  profile: 'profile',
};

function shapeLabel(of: keyof typeof SHAPE_LABELS): string {
  return SHAPE_LABELS[of];
}

/** Whole objects and lists, as snippets. */
function shapeList(
  analysis: Analysis,
  cursor: Cursor,
  shapes: readonly (readonly [label: string, snippet: string])[],
): CompletionList {
  const place = placeAt(analysis.document, cursor, 'bare');
  const items = shapes.map(([label, snippet], i): CompletionItem => {
    const start = /^["']/.test(place.typed) ? { filterText: place.typed[0] + label } : {};
    return { label, kind: 'shape', insertText: snippet + place.close, isSnippet: true, sortText: String(i), ...start };
  });
  return { items, span: place.replace, additional: place.additional, data: { source: 'shape' } };
}

type Filled = { -readonly [K in keyof CompletionItem]: CompletionItem[K] };

/** Fits candidates into the text around the cursor. */
function fitted(
  analysis: Analysis,
  cursor: Cursor,
  candidates: Candidates | undefined,
  [before, behind]: readonly [string, string] = ['', ''],
): CompletionList | undefined {
  if (!candidates) return undefined;
  const { source, kind, quoted, list, decoders } = candidates;
  const place = placeAt(analysis.document, cursor, quoted ? 'string' : 'bare');
  const sortFor = sortTexts(candidates);
  const filterFor = filterTexts(place);
  const opening = place.open + before;
  const closing = behind + place.close;
  const items = list.map((candidate, i): CompletionItem => {
    const { label, detail, deprecated } = candidate;
    const sortText = sortFor(candidate, i);
    const filterText = filterFor(candidate);
    // filled in place: of hundreds of items, spreads would take the most time
    const item: Filled = { label, kind, insertText: opening + (candidate.value ?? label) + closing };
    if (sortText) item.sortText = sortText;
    if (detail) item.detail = detail;
    if (filterText !== label) item.filterText = filterText;
    if (deprecated) item.deprecated = deprecated;
    return item;
  });
  const data = decoders ? { source, decoders } : { source };
  return { items, span: place.replace, additional: place.additional, data };
}

/**
 * Sorts by rank, then by position. An item without such a text is sorted by its label, and those of one text are as well:
 * that keeps long lists small.
 */
function sortTexts({ list, byLabel }: Candidates): (candidate: Candidate, position: number) => string {
  const width = String(list.length).length;
  if (byLabel) return ({ rank }) => rank;
  return ({ rank }, position) => rank + String(position).padStart(width, '0');
}

/**
 * What the typed text is matched with: without the common prefix once something else was typed, the number first once a
 * digit was typed, and with the quote where the replaced text begins with one.
 */
function filterTexts({ typed }: Place): (candidate: Candidate) => string {
  const quote = /^["']?/.exec(typed)![0];
  const word = typed.slice(quote.length).toUpperCase();
  const numeric = /^\d/.test(word);
  return ({ label, prefix, alias }) => {
    if (alias) return quote + (numeric ? `${alias} ${label}` : `${label} ${alias}`);
    if (!prefix || word === '' || prefix.startsWith(word) || word.startsWith(prefix)) return quote + label;
    return quote + label.slice(prefix.length);
  };
}

function lineBreakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
