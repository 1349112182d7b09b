import type { Edit } from '../../checks/check.ts';
import type { Span } from '../../syntax/tree.ts';

export type CodeActionKind = 'quickfix' | 'source.fixAll.seccomp' | 'refactor.rewrite';

/** Everything that is safe to mend, or what one check has found. */
export type Mending = { readonly check?: string };

export interface CodeActionItem {
  readonly title: string;
  readonly kind: CodeActionKind;
  /** Empty for an action that only shows something, and where `later` says what they will be. */
  readonly edits: readonly Edit[];
  /** The edits are left to `laterEdits`: they reach over the whole text. */
  readonly later?: Mending;
  readonly preferred?: true;
  /** What it mends. */
  readonly finding?: { readonly code: string; readonly span: Span };
  /** Code of the check whose documentation page is to be shown. */
  readonly documentation?: string;
}
