import { similar } from '../../catalog/index.ts';
import type { Fix } from '../../checks/check.ts';
import type { Span } from '../../syntax/tree.ts';
import type { CaseProblem } from '../model.ts';

/** An error at a place of the file. */
export const error = (
  code: string,
  { start, end }: Span,
  message: string,
  fixes: readonly Fix[] = [],
): CaseProblem => ({ code: `tests-${code}`, severity: 'error', span: { start, end }, message, fixes });

/** Something that runs but does not say what was meant, or says less than it seems. */
export const warning = (...of: Parameters<typeof error>): CaseProblem => ({ ...error(...of), severity: 'warning' });

/** ` Did you mean "exit"?` with the fix that writes it, or nothing where nothing is near. */
export function guess(
  word: string,
  known: Iterable<string>,
  { start, end }: Span,
): { readonly hint: string; readonly fixes: readonly Fix[] } {
  const [near] = similar(word, known, 1);
  if (near === undefined) return { hint: '', fixes: [] };
  const edits = [{ start, end, text: JSON.stringify(near) }];
  return { hint: ` Did you mean "${near}"?`, fixes: [{ title: `Replace with "${near}"`, edits, safe: false }] };
}
