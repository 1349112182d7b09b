import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Writes a file of this name and yields its path. */
export type WriteFile = (name: string, content: string) => Promise<string>;

/** Gives `use` a way to write files that only this user can read; they are removed when it is done. */
export async function inFolder<T>(use: (write: WriteFile) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'seccomp-profiles-'));
  const write: WriteFile = async (name, content) => {
    const file = join(folder, name);
    await writeFile(file, content, { mode: 0o600 });
    return file;
  };
  return use(write).finally(() => rm(folder, { recursive: true, force: true }));
}
