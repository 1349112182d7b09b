import type { Edit } from '../../checks/check.ts';
import type { ObjectKind } from '../../profile/schema.ts';
import type { Span } from '../../syntax/tree.ts';

export type ItemKind = 'key' | 'syscall' | 'constant' | 'number' | 'shape';

/** What an entry of the list documents; together with the label enough to write its documentation later. */
export type CompletionSource =
  | 'syscall'
  | 'action'
  | 'architecture'
  | 'goArchitecture'
  | 'capability'
  | 'errno'
  | 'flag'
  | 'operator'
  | 'argument'
  | 'value'
  | 'kernelVersion'
  | 'shape';

/** The same for all items of a list. */
export type CompletionData =
  | { readonly source: CompletionSource; readonly decoders?: readonly string[] }
  | { readonly source: 'key'; readonly of: ObjectKind };

export interface CompletionItem {
  readonly label: string;
  readonly kind: ItemKind;
  /** Plain text, shown beside the label. */
  readonly detail?: string;
  readonly insertText: string;
  readonly isSnippet?: true;
  /** Where the label does not say the item's place. */
  readonly sortText?: string;
  /** Where it is not the label. */
  readonly filterText?: string;
  readonly deprecated?: true;
  /** Markdown, where it is not left to `resolveCompletion`. */
  readonly documentation?: string;
}

export interface CompletionList {
  readonly items: readonly CompletionItem[];
  /** What each item replaces: on one line, with the cursor inside. */
  readonly span: Span;
  /** An edit outside of the span that each item brings along: the comma that is missing before it. */
  readonly additional: Edit | undefined;
  /** With the label of an item, the argument of `resolveCompletion`. */
  readonly data: CompletionData;
}

export interface CompletionOptions {
  /** Whether the editor takes snippets; placeholders are filled in where not. */
  readonly snippets: boolean;
}

/** A value that fits the cursor, before it is fitted into the text. */
export interface Candidate {
  readonly label: string;
  /** The value without quotes, where it is not the label. */
  readonly value?: string;
  readonly detail?: string;
  /** Sorts before the position in the list or, in a list by label, instead of it. */
  readonly rank: string;
  /** A prefix that nobody wants to type: `SCMP_ACT_`. */
  readonly prefix?: string;
  /** A further word to find it by: the number behind a name. */
  readonly alias?: string;
  readonly deprecated?: true;
}

/** The candidates for a place, in their natural order. */
export interface Candidates {
  readonly source: CompletionSource;
  readonly kind: ItemKind;
  /** Whether the value is written as a string. */
  readonly quoted: boolean;
  readonly list: readonly Candidate[];
  /** The list is in the order of its labels, by which candidates of one rank are sorted, and those without. */
  readonly byLabel?: true;
  readonly decoders?: readonly string[];
}
