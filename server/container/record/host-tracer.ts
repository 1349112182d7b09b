import { readFile, stat } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import type { Execute } from '../execute.ts';
import type { TarFile } from '../probe/tar.ts';
import { readExecutable } from './elf.ts';

/** A program that traces others, to be put into a container. */
export interface Tracer {
  /** What to put there: all that it needs, so that nothing of the image is used. */
  readonly files: readonly TarFile[];
  /** How to start it there; strace's own arguments follow. */
  readonly command: readonly string[];
}

/** Or why there is none, in a sentence without its end. */
export type FoundTracer = Tracer | { readonly missing: string };

/** How Node names the machines that engines name otherwise. */
const MACHINES: Readonly<Record<string, readonly string[]>> = {
  x64: ['x86_64', 'amd64'],
  arm64: ['aarch64', 'arm64'],
  riscv64: ['riscv64'],
  loong64: ['loongarch64'],
};

/**
 * The strace of this machine with its loader and libraries, as files under `folder` of a container. A dynamically linked one
 * is started by its own loader, so that it runs in any image, empty ones too.
 */
export async function hostTracer(machine: string, folder: string, execute: Execute): Promise<FoundTracer> {
  if (process.platform !== 'linux') return { missing: 'strace exists on Linux only, and this machine is none' };
  if (!MACHINES[process.arch]?.includes(machine))
    return { missing: `this machine's strace does not run on the engine's ${machine}` };
  const path = await onPath('strace');
  if (!path) return { missing: 'this machine has none (Debian, Ubuntu: apt-get install strace)' };
  const program = await readFile(path);
  const interpreter = readExecutable(program)?.interpreter;
  const file = (name: string, data: Uint8Array): TarFile => ({ name: join(folder, name).slice(1), mode: 0o755, data });
  const strace = join(folder, 'strace');
  if (!interpreter) return { files: [file('strace', program)], command: [strace] };
  const libraries = await librariesOf(path, interpreter, execute);
  if (!libraries) return { missing: `the libraries of ${path} could not be found` };
  const loaded = await Promise.all(
    libraries.map(async (each) => file(join('lib', basename(each)), await readFile(each))),
  );
  return {
    files: [file('strace', program), file('ld.so', await readFile(interpreter)), ...loaded],
    command: [join(folder, 'ld.so'), '--library-path', join(folder, 'lib'), strace],
  };
}

async function onPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program);
    const found = await stat(path).catch(() => undefined);
    if (folder && found?.isFile()) return path;
  }
  return undefined;
}

/** Asks the loader, as ldd does: `libc.so.6 => /lib/libc.so.6 (0x7f...)`. */
async function librariesOf(
  path: string,
  interpreter: string,
  execute: Execute,
): Promise<readonly string[] | undefined> {
  const { status, stdout, stopped } = await execute({ program: interpreter, args: ['--list', path] });
  if (status !== 0 || stopped) return undefined;
  return [...stdout.matchAll(/=> (\/\S+) \(0x/g)].map(([, library = '']) => library);
}
