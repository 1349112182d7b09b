import type { CompletionItem, CompletionList } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { CompletionData, CompletionList as List, CompletionItem as ListItem } from '../features/completion.ts';
import type { ClientFeatures } from './client-features.ts';
import { toMarkup, toRange, toTextEdits } from './convert.ts';
import { CompletionItemKind, CompletionItemTag, InsertTextFormat } from './values.ts';

/** What an item carries to `completionItem/resolve`. */
export interface ItemData {
  readonly uri: string;
  readonly list: CompletionData;
}

const KIND: Readonly<Record<ListItem['kind'], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  syscall: CompletionItemKind.Function,
  constant: CompletionItemKind.EnumMember,
  number: CompletionItemKind.Value,
  shape: CompletionItemKind.Snippet,
};

/** What all items share is said once where the client can take that. */
export function toCompletionList(text: TextDocument, list: List, client: ClientFeatures): CompletionList {
  const range = toRange(text, list.span);
  const data: ItemData = { uri: text.uri, list: list.data };
  const shared = { range: client.itemDefaults.has('editRange'), data: client.itemDefaults.has('data') };
  const additionalTextEdits = list.additional && toTextEdits(text, [list.additional]);
  const items = list.items.map((item) => {
    const made = described(item, client);
    if (!shared.range) made.textEdit = { range, newText: item.insertText };
    else if (item.insertText !== item.label) made.textEditText = item.insertText;
    if (additionalTextEdits) made.additionalTextEdits = additionalTextEdits;
    if (!shared.data) made.data = data;
    return made;
  });
  const itemDefaults = { ...(shared.range && { editRange: range }), ...(shared.data && { data }) };
  return { isIncomplete: false, items, ...(Object.keys(itemDefaults).length > 0 && { itemDefaults }) };
}

/** Hundreds of items are made for each keystroke, so they are filled in place. */
function described(item: ListItem, client: ClientFeatures): CompletionItem {
  const { label, kind, detail, sortText, filterText, isSnippet, deprecated, documentation } = item;
  const made: CompletionItem = { label, kind: KIND[kind] };
  if (sortText) made.sortText = sortText;
  if (detail && client.labelDetails) made.labelDetails = { description: detail };
  else if (detail) made.detail = detail;
  if (filterText) made.filterText = filterText;
  if (isSnippet) made.insertTextFormat = InsertTextFormat.Snippet;
  if (documentation) made.documentation = toMarkup(documentation, client);
  if (deprecated) made.tags = [CompletionItemTag.Deprecated];
  return made;
}

/** The data that `toCompletionList` put into an item; undefined for what is none of ours. */
export function itemData({ data }: CompletionItem): ItemData | undefined {
  const candidate: Partial<ItemData> | undefined = typeof data === 'object' && data !== null ? data : undefined;
  return typeof candidate?.uri === 'string' && typeof candidate.list?.source === 'string'
    ? { uri: candidate.uri, list: candidate.list }
    : undefined;
}
