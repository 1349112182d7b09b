import type { Architecture } from '../catalog/index.ts';
import { countWhere } from '../syntax/bisect.ts';
import type { CaseProblem, CasesDocument } from './model.ts';
import { callProblems } from './problems/calls.ts';
import { caseProblems } from './problems/cases.ts';
import { jsonProblems } from './problems/json.ts';
import { keyProblems } from './problems/keys.ts';
import { placeProblems } from './problems/places.ts';
import { typeProblems } from './problems/types.ts';
import { valueProblems } from './problems/values.ts';

/** What is known of the surroundings of a file of test cases. */
export interface CaseSurroundings {
  /** Where calls are made: positions and values of arguments differ. */
  readonly architecture: Architecture;
  /** Path of the file, with slashes; absent where it is on no disk. */
  readonly path?: string | undefined;
  /** Folders of the workspace, with slashes. */
  readonly folders: readonly string[];
  /** Whether there is a file; undefined where that cannot be told. */
  readonly exists: (path: string) => boolean | undefined;
}

/** Everything that is wrong in a file of test cases, in the order of the text. Never throws. */
export function problemsOf(document: CasesDocument, surroundings: CaseSurroundings): readonly CaseProblem[] {
  const json = jsonProblems(document);
  const found = [
    ...json,
    ...keyProblems(document, json.length > 0),
    ...typeProblems(document),
    ...valueProblems(document),
    ...callProblems(document, surroundings),
    ...caseProblems(document, json.length > 0),
    ...placeProblems(document, surroundings),
  ];
  return found.sort((a, b) => a.span.start - b.span.start);
}

/** The errors that keep a case from being run. */
export interface CaseErrors {
  readonly first: CaseProblem;
  readonly count: number;
}

/** What keeps each case from being run: errors in it, and those that are about the whole file. Takes problems in the order of the text. */
export function errorsOfCases(
  { cases }: CasesDocument,
  problems: readonly CaseProblem[],
): readonly (CaseErrors | undefined)[] {
  const outside: CaseProblem[] = [];
  const inside = cases.map((): CaseProblem[] => []);
  for (const problem of problems) {
    if (problem.severity !== 'error') continue;
    const { start, end } = problem.span;
    const begun = countWhere(cases, ({ span }) => span.start <= start);
    // what is missing between two cases that touch each other is missing in both
    const around = [begun - 2, begun - 1].filter((at) => at >= 0 && end <= cases[at]!.span.end);
    if (around.length === 0) outside.push(problem);
    for (const at of around) inside[at]!.push(problem);
  }
  return inside.map(([own, ...more]) => {
    const [other] = outside;
    const first = own && other ? (own.span.start < other.span.start ? own : other) : (own ?? other);
    return first && { first, count: outside.length + (own ? 1 + more.length : 0) };
  });
}
