import { capitalised } from '../../features/markdown.ts';
import type { CaseProblem, CasesDocument, CaseView } from '../model.ts';
import { CASE_OBJECTS, CASE_SCHEMA } from '../schema.ts';
import { error, guess } from './problem.ts';

/** Keys that the format does not have, that are there twice, or that are missing (not asked of broken JSON). */
export function keyProblems({ views }: CasesDocument, broken: boolean): readonly CaseProblem[] {
  return views.flatMap((view) => [...unknown(view), ...repeated(view), ...(broken ? [] : missing(view))]);
}

function unknown({ kind, members }: CaseView): readonly CaseProblem[] {
  const present = new Set(members.map(({ member }) => member.key.value));
  const free = CASE_SCHEMA[kind].map(({ key }) => key).filter((key) => !present.has(key));
  return members.flatMap(({ member: { key }, spec }) => {
    if (spec || key.value.startsWith('$')) return [];
    const { hint, fixes } = guess(key.value, free, key);
    return [error('unknown-key', key, `"${key.value}" is no key of ${CASE_OBJECTS[kind]}.${hint}`, fixes)];
  });
}

function repeated({ members }: CaseView): readonly CaseProblem[] {
  const seen = new Set<string>();
  return members.flatMap(({ member: { key } }) =>
    seen.size === seen.add(key.value).size
      ? [error('duplicate-key', key, `"${key.value}" is there already. Remove one of the two.`)]
      : [],
  );
}

function missing({ kind, node, members }: CaseView): readonly CaseProblem[] {
  return CASE_SCHEMA[kind].flatMap(({ key, required }) => {
    if (!required || members.some(({ spec }) => spec?.key === key)) return [];
    const brace = { start: node.start, end: node.start + 1 };
    return [error('missing-key', brace, `${capitalised(CASE_OBJECTS[kind])} needs "${key}".`)];
  });
}
