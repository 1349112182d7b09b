import type { CaseProblem, CasesDocument } from '../model.ts';
import { folderOf, isInside, profilePathOf, resolvePath } from '../paths.ts';
import type { CaseSurroundings } from '../problems.ts';
import { error } from './problem.ts';

/** Files that are not there, and folders that a container must not see. */
export function placeProblems(document: CasesDocument, surroundings: CaseSurroundings): readonly CaseProblem[] {
  const { path } = surroundings;
  return path === undefined
    ? []
    : [...missingProfile(document, path, surroundings), ...mounts(document, path, surroundings)];
}

function missingProfile(
  { profile, tree: { root } }: CasesDocument,
  path: string,
  { exists, folders }: CaseSurroundings,
): readonly CaseProblem[] {
  const wanted = profilePathOf(path, profile?.value);
  const place = profile ?? (root && { start: root.start, end: root.start + 1 });
  if (!place) return [];
  if (!isInside(wanted, [folderOf(path), ...folders]))
    return [error('outside-workspace', place, 'The profile lies outside of the workspace.')];
  if (exists(wanted) !== false) return [];
  const advice = profile ? '' : ' Name the profile under "profile".';
  return [error('no-profile', place, `There is no profile ${nameOf(wanted)}.${advice}`)];
}

function mounts({ cases }: CasesDocument, path: string, { exists, folders }: CaseSurroundings): readonly CaseProblem[] {
  const allowed = folders.length > 0 ? folders : [folderOf(path)];
  return cases.flatMap(({ mounts: all }) =>
    all.flatMap(({ source }) => {
      const wanted = resolvePath(folderOf(path), source.value);
      if (/[:,]/.test(source.value.replace(/^[A-Za-z]:/, '')))
        return [error('bad-mount', source, 'A path with a colon or a comma cannot be mounted.')];
      if (!isInside(wanted, allowed))
        return [
          error('outside-workspace', source, `${source.value} lies outside of the workspace, so it is not mounted.`),
        ];
      return exists(wanted) === false ? [error('no-mount', source, `There is no ${source.value}.`)] : [];
    }),
  );
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
