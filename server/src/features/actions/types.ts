import type { Edit } from '../../checks/check.ts';
import type { Span } from '../../syntax/tree.ts';

export type CodeActionKind = 'quickfix' | 'source.fixAll.seccomp' | 'refactor.rewrite';

export interface CodeActionItem {
  readonly title: string;
  readonly kind: CodeActionKind;
  /** Empty for an action that only shows something. */
  readonly edits: readonly Edit[];
  readonly preferred?: true;
  /** What it mends. */
  readonly finding?: { readonly code: string; readonly span: Span };
  /** Code of the check whose documentation page is to be shown. */
  readonly documentation?: string;
}
