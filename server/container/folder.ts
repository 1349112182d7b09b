import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOwnerDead, ownerOf } from './owner.ts';

/** Writes a file of this name and yields its path. */
export type WriteFile = (name: string, content: string) => Promise<string>;

/** Gives `use` a way to write files that only this user can read; they are removed when it is done. */
export async function inFolder<T>(use: (write: WriteFile) => Promise<T>): Promise<T> {
  const folder = await makeFolder();
  const write: WriteFile = async (name, content) => {
    const file = join(folder, name);
    await writeFile(file, content, { mode: 0o600 });
    return file;
  };
  return use(write).finally(() => rm(folder, { recursive: true, force: true }));
}

/** Makes a temporary folder that only this user can read; its name tells which process made it. */
export async function makeFolder(): Promise<string> {
  const [, pid, started] = ownerOf(process.pid).split(' ');
  return mkdtemp(join(tmpdir(), `${PREFIX}${pid}-${started}-${encodeURIComponent(hostname())}-`));
}

/** Removes temporary folders whose process was killed before it could do so. Never rejects. */
export async function sweepFolders(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  const orphans = names.filter(isOrphan).map((name) => join(tmpdir(), name));
  await Promise.allSettled(orphans.map((folder) => rm(folder, { recursive: true, force: true })));
}

const PREFIX = 'seccomp-profiles-';
const NAME = new RegExp(`^${PREFIX}(\\d+)-(\\d*)-(.+)-[A-Za-z0-9]{6}$`);

/** Hosts, and containers as hosts of their own, can share the folder for temporary files. */
function isOrphan(name: string): boolean {
  const [, pid, started, host] = NAME.exec(name) ?? [];
  return host === encodeURIComponent(hostname()) && isOwnerDead([hostname(), pid, started].join(' '));
}
