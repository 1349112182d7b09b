import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { type TarFile, tar } from '../../server/container/probe/tar.ts';

const run = promisify(execFile);

/** Installs Debian's strace and busybox-static where they are missing. */
export async function installTracers(): Promise<void> {
  if (fs.existsSync('/usr/bin/strace') && isStatic('/bin/busybox')) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const packages = ['strace', 'busybox-static'];
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env, maxBuffer: 1 << 26 });
  } catch (error) {
    throw new Error(
      `The tests of recordings need Debian's ${packages.join(' and ')}, and apt-get could not install them: ${error}`,
    );
  }
}

/** A static ELF file names no loader. */
const isStatic = (file: string): boolean =>
  fs.existsSync(file) && !fs.readFileSync(file).subarray(0, 4096).includes('ld-linux');

/** The layer of an image that has busybox. */
export const busyboxLayer = (): Uint8Array => tar([fileAt('/bin/busybox')]);

/** The layer of one that has strace as well, with its libraries where it looks for them. */
export async function straceLayer(): Promise<Uint8Array> {
  const { stdout } = await run('ldd', ['/usr/bin/strace']);
  const libraries = [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, file = '']) => file);
  return tar(['/bin/busybox', '/usr/bin/strace', ...libraries].map(fileAt));
}

const fileAt = (file: string): TarFile => ({
  name: path.relative('/', file),
  mode: 0o755,
  data: fs.readFileSync(file),
});
