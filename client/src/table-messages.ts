import type { PolicyTable } from '../../server/src/protocol.ts';

/** What the extension tells the policy table's page. */
export interface ToTable {
  readonly kind: 'table';
  readonly uri: string;
  /** What people call the file. */
  readonly file: string;
  /** Null where no engine loads the profile, or it is closed. */
  readonly table: PolicyTable | null;
}

/** What the page tells the extension. */
export type FromTable =
  | { readonly kind: 'ready'; readonly architecture?: string }
  | { readonly kind: 'architecture'; readonly name: string }
  /** Jump to where a syscall is decided. */
  | { readonly kind: 'go'; readonly name: string };

export type Column = 'name' | 'number' | 'verdict' | 'condition' | 'reason' | 'family' | 'danger';

/** What the page remembers; it survives the page and the editor. */
export interface TableState {
  readonly uri?: string;
  readonly architecture?: string;
  readonly filter: string;
  readonly column: Column;
  readonly descending: boolean;
  readonly grouped: boolean;
}
