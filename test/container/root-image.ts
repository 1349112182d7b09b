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
  if (!isStatic()) await install('busybox-static');
  return { name: 'bin/busybox', mode: 0o755, data: fs.readFileSync(BUSYBOX) };
}

async function install(name: string): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { env, maxBuffer: 1 << 26 });
  } catch (error) {
    throw new Error(`The tests of repairs need Debian's package ${name}, and apt-get could not install it: ${error}`);
  }
}

/** A static ELF file has no interpreter. */
function isStatic(): boolean {
  if (!fs.existsSync(BUSYBOX)) return false;
  return !fs.readFileSync(BUSYBOX).subarray(0, 4096).includes('ld-linux');
}

/**
 * Syscalls that a command makes in a folder as its root, with those that it starts, as strace shows them on this machine. It runs
 * in namespaces of its own.
 */
export async function seenByStrace(root: string, command: readonly string[]): Promise<ReadonlySet<string>> {
  if (!fs.existsSync('/usr/bin/strace')) await install('strace');
  const copy = fs.mkdtempSync(`${root}-`);
  try {
    fs.cpSync(root, copy, { recursive: true });
    const inside = ['unshare', '--mount', '--uts', '--pid', '--fork', 'chroot', copy, ...command];
    const { stderr } = await run('strace', ['-f', '-qq', ...inside], { maxBuffer: 1 << 26 });
    return new Set(
      [...afterProgram(stderr, command[0]!).matchAll(/^(?:\[pid +\d+\] )?(\w+)\(/gm)].map((match) => match[1]!),
    );
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
  }
}

/** What follows the start of the program itself. */
function afterProgram(trace: string, program: string): string {
  const start = trace.indexOf(`execve("${program}"`);
  if (start < 0) throw new Error(`strace did not see ${program}:\n${trace.slice(-2000)}`);
  return trace.slice(start);
}
