import type { Edit } from '../../checks/check.ts';
import type { Span } from '../../syntax/tree.ts';

export type CodeActionKind = 'quickfix' | 'source.fixAll.seccomp' | 'refactor.rewrite';

/** What an action does whose edits are still to be found. */
export type Later =
  /** Mends all that is safe to mend. */
  | { readonly of: 'all' }
  /** Mends what a check has found. */
  | { readonly of: 'check'; readonly code: string }
  /** Rewrites the list of names at an offset. */
  | { readonly of: 'names'; readonly title: string; readonly offset: number };

export interface CodeActionItem {
  readonly title: string;
  readonly kind: CodeActionKind;
  /** Empty for an action that only shows something, and where `later` says what they will be. */
  readonly edits: readonly Edit[];
  /** The edits are left to `laterEdits`: they are many. */
  readonly later?: Later;
  readonly preferred?: true;
  /** What it mends. */
  readonly finding?: { readonly code: string; readonly span: Span };
  /** Code of the check whose documentation page is to be shown. */
  readonly documentation?: string;
}
