import type { CaseProblem, CasesDocument, TestCase } from '../model.ts';
import { error, warning } from './problem.ts';

/** Cases that say nothing, or the same as another. */
export function caseProblems({ cases, views, tree }: CasesDocument, broken: boolean): readonly CaseProblem[] {
  const file = views.find(({ kind }) => kind === 'file');
  const list = file?.members.find(({ spec }) => spec?.key === 'cases')?.member;
  // an image may stand under a key that is misspelt
  const misspelt = new Set(
    views.flatMap(({ node, members }) => (members.every(({ spec }) => spec) ? [] : [node.start])),
  );
  const none = cases.length === 0 && list?.value?.kind === 'array' && tree.root;
  return [
    ...(none ? [warning('no-cases', list.key, 'There is no case yet.')] : []),
    ...repeatedNames(cases),
    ...(broken
      ? []
      : views.flatMap((view) => (view.kind === 'expect' ? emptyExpectation(view.node, view.members.length) : []))),
    ...cases.filter((each) => !misspelt.has(each.span.start)).flatMap(ownProgram),
  ];
}

function repeatedNames(cases: readonly TestCase[]): readonly CaseProblem[] {
  const seen = new Set<string>();
  return cases.flatMap(({ name }) =>
    seen.size === seen.add(name.value).size
      ? [error('duplicate-name', name, `Another case is called "${name.value}" already.`)]
      : [],
  );
}

function emptyExpectation({ start }: { readonly start: number }, members: number): readonly CaseProblem[] {
  if (members > 0) return [];
  return [error('expects-nothing', { start, end: start + 1 }, 'This case expects nothing, so it could not fail.')];
}

/** The test's own program takes no arguments and writes nothing that is worth a look. */
function ownProgram({ image, command, expect, name }: TestCase): readonly CaseProblem[] {
  if (image !== undefined) return [];
  const [output] = expect.output;
  return [
    ...(command.length > 0 ? [error('command-without-image', name, 'A command needs an "image" to run in.')] : []),
    ...(output
      ? [error('output-without-image', output.wanted, 'Without "image" no program runs that writes anything.')]
      : []),
  ];
}
