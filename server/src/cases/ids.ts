import type { CasesDocument } from './model.ts';

/** What tells the cases of a file apart, also when others come and go: the name, numbered where it is there already. */
export function caseIds({ cases }: CasesDocument): readonly string[] {
  const counts = new Map<string, number>();
  return cases.map(({ name: { value } }) => {
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    return count === 1 ? value : `${value} (${count})`;
  });
}
