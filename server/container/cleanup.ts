import type { Cli } from './cli.ts';
import { inspectOurs, listOurs, removeThings } from './commands.ts';
import type { Command, Execute } from './execute.ts';
import { sweepFolders } from './folder.ts';
import { isOwnerDead } from './owner.ts';

/** What was removed, and what could not be. */
export interface Cleanup {
  readonly containers: number;
  readonly images: number;
  /** Ids of what is still there, or may be. */
  readonly left: readonly { readonly thing: 'container' | 'image'; readonly id: string }[];
}

const LIMIT_MS = 15_000;

/**
 * Removes every container and image of one test, whatever state they are in. Each order may take `limitMs`
 * milliseconds. Never rejects.
 */
export async function removeRun(cli: Cli, runId: string, execute: Execute, limitMs = LIMIT_MS): Promise<Cleanup> {
  const find = async (thing: Thing, limit: number) => {
    const ids = await perform(execute, listOurs(cli, thing, runId), limit);
    if (ids !== undefined) return removeIds(cli, thing, ids, execute, limit);
    return { gone: 0, left: [{ thing, id: `unknown: ${cli.program} does not answer` }] };
  };
  return removeBoth(find, limitMs);
}

/**
 * Removes what tests of processes that are no longer alive left behind (an editor that crashed, a server that was
 * killed), their temporary folders too. What a living process, another host or another program made is not touched. Never rejects.
 */
export async function sweep(cli: Cli, execute: Execute, limitMs = LIMIT_MS): Promise<Cleanup> {
  const find = async (thing: Thing, limit: number) => {
    const ids = (await perform(execute, listOurs(cli, thing), limit)) ?? [];
    const ours = ids.length > 0 ? await perform(execute, inspectOurs(cli, thing, ids), limit) : [];
    const orphans = ours.filter(({ owner }) => isOwnerDead(owner)).map(({ id }) => id);
    return removeIds(cli, thing, orphans, execute, limit);
  };
  await sweepFolders();
  return removeBoth(find, limitMs);
}

type Thing = 'container' | 'image';
type Removed = { readonly gone: number; readonly left: Cleanup['left'] };

/** Images after containers; an engine that could not remove a container is not waited for as long again. */
async function removeBoth(
  remove: (thing: Thing, limitMs: number) => Promise<Removed>,
  limitMs: number,
): Promise<Cleanup> {
  const containers = await remove('container', limitMs);
  const images = await remove('image', containers.left.length > 0 ? limitMs / 5 : limitMs);
  return { containers: containers.gone, images: images.gone, left: [...containers.left, ...images.left] };
}

/** One at a time: a container that cannot be removed must not keep the others. */
async function removeIds(cli: Cli, thing: Thing, ids: readonly string[], execute: Execute, limitMs: number) {
  const removed = await Promise.all(ids.map((id) => perform(execute, removeThings(cli, thing, [id]), limitMs)));
  const left = ids.filter((_, i) => !removed[i]).map((id) => ({ thing, id }));
  return { gone: ids.length - left.length, left };
}

const perform = <T>(execute: Execute, command: Command<T>, timeoutMs: number): Promise<T> =>
  execute(command, { timeoutMs }).then(command.parse);
