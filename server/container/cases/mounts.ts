import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { Mount, TestCase } from '../../src/cases/model.ts';
import type { Engine } from '../engine.ts';
import type { ResolvedMount } from './options.ts';

/** Where the sources of mounts are looked for, and where they must lie. */
export interface Workspace {
  /** The file of test cases. */
  readonly file: string;
  readonly folders: readonly string[];
}

/** The mounts of a case for an engine, or a sentence that says why they cannot be made. */
export async function mountsOf(
  { mounts }: TestCase,
  { remote }: Engine,
  workspace: Workspace,
): Promise<readonly ResolvedMount[] | string> {
  if (mounts.length > 0 && remote)
    return 'The engine runs on another machine, which does not see the folders to mount.';
  return resolveMounts(mounts, workspace);
}

/**
 * The mounts of a case with their real paths, or a sentence that says which of them is not in the workspace: a link that
 * leads out of it is followed before that is decided.
 */
export async function resolveMounts(
  mounts: readonly Mount[],
  { file, folders }: Workspace,
): Promise<readonly ResolvedMount[] | string> {
  const roots = await Promise.all((folders.length > 0 ? folders : [dirname(file)]).map(real));
  const resolved: ResolvedMount[] = [];
  for (const { source, target, readOnly } of mounts) {
    const path = await real(resolve(dirname(file), source.value));
    if (path === undefined) return `There is no ${source.value} to mount.`;
    if (!lies(path, roots)) return `${source.value} lies outside of the workspace, so it is not mounted.`;
    if ([path, target].some((each) => UNFIT.test(each)))
      return `${source.value} cannot be mounted: there is a comma, a quote or a control character in its path or its target.`;
    resolved.push({ source: path, target, readOnly });
  }
  return resolved;
}

/** Whether a file leads out of the workspace when links are followed; one that is not there leads nowhere. */
export async function leadsOut(path: string, { file, folders }: Workspace): Promise<boolean> {
  const [own, ...roots] = await Promise.all([path, dirname(file), ...folders].map(real));
  return own !== undefined && !lies(own, roots);
}

/** What ends a field of `--mount`, which is read as a line of comma-separated values, or the line. */
const UNFIT = /[,"\p{Cc}]/u;

const real = (path: string): Promise<string | undefined> => realpath(path).catch(() => undefined);

const lies = (path: string, roots: readonly (string | undefined)[]): boolean =>
  roots.some((root) => {
    const way = root === undefined ? '..' : relative(root, path);
    return !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..';
  });
