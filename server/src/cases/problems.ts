import type { Architecture } from '../catalog/index.ts';
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

/** The errors that keep a case from being run: those in it, and those that are about the whole file. */
export function errorsOfCase(
  { cases }: CasesDocument,
  problems: readonly CaseProblem[],
  index: number,
): readonly CaseProblem[] {
  const within = (problem: CaseProblem, at: number): boolean => {
    const { span } = cases[at]!;
    return span.start <= problem.span.start && problem.span.end <= span.end;
  };
  return problems.filter(
    (problem) =>
      problem.severity === 'error' && (within(problem, index) || !cases.some((_, other) => within(problem, other))),
  );
}
