import { capabilities, syscall, syscallNames } from '../catalog/index.ts';
import { placeAt } from '../features/completion/place.ts';
import { plainText } from '../features/completion/snippet.ts';
import type { CompletionItem, CompletionList, CompletionOptions } from '../features/completion/types.ts';
import { isString } from '../features/gaps.ts';
import { type CaseCursor, type CaseSlot, caseCursor } from './cursor.ts';
import type { CasesDocument } from './model.ts';
import { CASE_SCHEMA, type CaseValue, NETWORKS, type TextDomain } from './schema.ts';
import { fileShape, objectShape, shapeOf } from './shapes.ts';

/** What can be put in at an offset of a file of test cases; undefined where there is nothing to offer. */
export function completeCases(
  document: CasesDocument,
  offset: number,
  { snippets }: CompletionOptions,
): CompletionList | undefined {
  const cursor = caseCursor(document, offset);
  const list = cursor && listAt(document, cursor);
  if (!list || list.items.length === 0) return undefined;
  return snippets ? list : { ...list, items: list.items.map(withoutSnippet) };
}

function withoutSnippet({ isSnippet, ...item }: CompletionItem): CompletionItem {
  return isSnippet ? { ...item, insertText: plainText(item.insertText) } : item;
}

function listAt(document: CasesDocument, cursor: CaseCursor): CompletionList | undefined {
  const { slot } = cursor;
  switch (slot.kind) {
    case 'document':
      return shapes(document, cursor, [['tests', fileShape()]]);
    case 'key':
      return keys(document, cursor, slot);
    case 'item':
      return valuesFor(document, cursor, slot.type, taken(document, cursor, slot));
    case 'value':
      return valuesFor(document, cursor, slot.key.type, new Set());
  }
}

/** Texts that the list around the cursor has already. */
function taken(document: CasesDocument, { token }: CaseCursor, { array }: CaseSlot & { kind: 'item' }) {
  const others = array.items.filter((item) => item !== token && isString(document, item));
  return new Set(others.flatMap((item) => (item.kind === 'string' ? [item.value] : [])));
}

function keys(
  document: CasesDocument,
  cursor: CaseCursor,
  { of, node, member }: CaseSlot & { kind: 'key' },
): CompletionList {
  const place = placeAt(document, cursor, 'string');
  const present = new Set(node.members.filter((each) => each !== member).map(({ key }) => key.value));
  const items = CASE_SCHEMA[of].flatMap((spec, i): CompletionItem[] => {
    if (present.has(spec.key)) return [];
    const value = place.colon ? '' : `: ${shapeOf(spec.type, spec.key)}`;
    const quote = place.close.startsWith('"') || value !== '' ? '"' : '';
    return [
      {
        label: spec.key,
        kind: 'key',
        insertText: `${place.open}${spec.key}${quote}${value}${place.close.replace('"', '')}`,
        sortText: `${spec.required ? 0 : 1}${String(i).padStart(2, '0')}`,
        documentation: spec.doc,
        ...(value !== '' && { isSnippet: true }),
        ...(place.typed.startsWith('"') && { filterText: `"${spec.key}` }),
      },
    ];
  });
  return { items, span: place.replace, additional: place.additional, data: { source: 'shape' } };
}

function valuesFor(
  document: CasesDocument,
  cursor: CaseCursor,
  type: CaseValue,
  present: ReadonlySet<string>,
): CompletionList | undefined {
  const { slot } = cursor;
  const inText = isString(document, cursor.token);
  if (slot.kind === 'item' && 'domain' in type) return words(document, cursor, type.domain, present);
  if (type.kind === 'text') return words(document, cursor, type.domain, present);
  if (type.kind === 'number') return inText ? undefined : literals(document, cursor, ['0', '1', '"nonzero"'], type);
  if (type.kind === 'flag') return inText ? undefined : literals(document, cursor, ['true', 'false']);
  if (inText) return undefined;
  if (slot.kind === 'item' && type.kind === 'objects')
    return shapes(document, cursor, [[type.of, objectShape(type.of)]]);
  return slot.kind === 'value' ? shapes(document, cursor, [[slot.key.key, shapeOf(type, slot.key.key)]]) : undefined;
}

function literals(document: CasesDocument, cursor: CaseCursor, all: readonly string[], type?: CaseValue) {
  const fitting = all.filter((text) => !text.startsWith('"') || (type?.kind === 'number' && type.words.length > 0));
  const place = placeAt(document, cursor, 'bare');
  const items = fitting.map(
    (text, i): CompletionItem => ({
      label: text,
      kind: 'constant',
      insertText: text + place.close,
      sortText: String(i),
    }),
  );
  return { items, span: place.replace, additional: place.additional, data: { source: 'shape' } } as const;
}

interface Word {
  readonly label: string;
  readonly detail?: string;
}

function words(
  document: CasesDocument,
  cursor: CaseCursor,
  domain: TextDomain,
  present: ReadonlySet<string>,
): CompletionList | undefined {
  const known = wordsOf(domain);
  if (!known) return undefined;
  const place = placeAt(document, cursor, 'string');
  const items = known.list
    .filter(({ label }) => !present.has(label))
    .map(
      ({ label, detail }, i): CompletionItem => ({
        label,
        kind: domain === 'call' ? 'syscall' : 'constant',
        insertText: `${place.open}${label}${place.close}`,
        sortText: String(i).padStart(4, '0'),
        ...(detail && { detail }),
        ...(place.typed.startsWith('"') && { filterText: `"${label}` }),
      }),
    );
  return { items, span: place.replace, additional: place.additional, data: { source: known.source } };
}

function wordsOf(domain: TextDomain) {
  switch (domain) {
    case 'call':
      return { source: 'syscall', list: syscallNames().map(summarised) } as const;
    case 'capability':
      return { source: 'capability', list: [...capabilities().map(({ name }) => name), 'ALL'].map(plain) } as const;
    case 'network':
      return { source: 'shape', list: NETWORKS.map(plain) } as const;
    default:
      return undefined;
  }
}

const plain = (label: string): Word => ({ label });
const summarised = (label: string): Word => ({ label, detail: syscall(label)?.summary ?? '' });

function shapes(
  document: CasesDocument,
  cursor: CaseCursor,
  all: readonly (readonly [label: string, snippet: string])[],
): CompletionList {
  const place = placeAt(document, cursor, 'bare');
  const items = all.map(
    ([label, snippet], i): CompletionItem => ({
      label,
      kind: 'shape',
      insertText: snippet + place.close,
      isSnippet: true,
      sortText: String(i),
    }),
  );
  return { items, span: place.replace, additional: place.additional, data: { source: 'shape' } };
}
