import type { CaseProblem } from '../../../server/src/cases/model.ts';
import { type CaseSurroundings, problemsOf } from '../../../server/src/cases/problems.ts';
import { readCases } from '../../../server/src/cases/read.ts';
import { architecture } from '../../../server/src/catalog/index.ts';
import { applyEdits } from '../../../server/src/checks/edits.ts';

export const X86_64 = architecture('SCMP_ARCH_X86_64')!;

/** A workspace in which every file is there. */
export const WORKSPACE: CaseSurroundings = {
  architecture: X86_64,
  path: '/work/sub/web.test.json',
  folders: ['/work'],
  exists: () => true,
};

export const problemsIn = (text: string, more: Partial<CaseSurroundings> = {}): readonly CaseProblem[] =>
  problemsOf(readCases(text), { ...WORKSPACE, ...more });

/** What is wrong with a file that has one case: each problem as `code: the text that it is about`. */
export function wrong(testCase: object | string, more: Partial<CaseSurroundings> = {}): readonly string[] {
  const text = fileOf(testCase);
  return problemsIn(text, more).map(({ code, span }) => `${code}: ${text.slice(span.start, span.end)}`);
}

export const fileOf = (testCase: object | string): string =>
  typeof testCase === 'string' ? testCase : fileWith(testCase);

export const fileWith = (...cases: readonly object[]): string =>
  JSON.stringify({
    cases: cases.map((each, i) => ({ name: i === 0 ? 'it' : `it ${i}`, expect: { exit: 0 }, ...each })),
  });

/** The text behind the first fix of its first problem that has one. */
export function mended(text: string): string {
  const fix = problemsIn(text).flatMap(({ fixes }) => fixes)[0];
  if (!fix) throw new Error('There is nothing to mend.');
  return applyEdits(text, fix.edits);
}
