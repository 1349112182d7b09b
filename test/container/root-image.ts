import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { execute } from '../../server/container/execute.ts';
import { type TarFile, tar } from '../../server/container/probe/tar.ts';

const run = promisify(execFile);
const BUSYBOX = '/bin/busybox';

/** Adds an image with these files to an engine, as a user's image would be there. */
export async function addRootImage(env: Readonly<Record<string, string>>, tag: string, files: readonly TarFile[]) {
  const { status, stderr } = await execute({ program: 'docker', args: ['import', '-', tag], env, stdin: tar(files) });
  if (status !== 0) throw new Error(stderr);
}

/** The static busybox of Debian's package `busybox-static`, which is installed where it is missing. */
export async function busybox(): Promise<TarFile> {
  if (!(await isStatic())) {
    await run('apt-get', ['update', '-qq']);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'busybox-static']);
  }
  return { name: 'bin/busybox', mode: 0o755, data: fs.readFileSync(BUSYBOX) };
}

/** A static ELF file has no interpreter. */
async function isStatic(): Promise<boolean> {
  if (!fs.existsSync(BUSYBOX)) return false;
  return !fs.readFileSync(BUSYBOX).subarray(0, 4096).includes('ld-linux');
}
