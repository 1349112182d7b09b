import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { execute } from '../../server/container/execute.ts';
import { type TarFile, tar } from '../../server/container/probe/tar.ts';
import { ensurePrograms } from '../debian.ts';

const run = promisify(execFile);
const BUSYBOX = '/bin/busybox';
const HELP = "The tests of repairs and recordings need Debian's busybox-static and strace.";

/** Adds an image with these files to an engine, as a user's image would be there; `changes` are lines of a Dockerfile. */
export async function addRootImage(
  env: Readonly<Record<string, string>>,
  tag: string,
  files: readonly TarFile[],
  changes: readonly string[] = [],
): Promise<void> {
  const options = changes.flatMap((change) => ['--change', change]);
  const args = ['import', ...options, '-', tag];
  const { status, stderr } = await execute({ program: 'docker', args, env, stdin: tar(files) });
  if (status !== 0) throw new Error(stderr);
}

/** The static busybox of Debian's package `busybox-static`, which is installed where it is missing. */
export async function busybox(): Promise<TarFile> {
  await ensurePrograms({ busybox: 'busybox-static' }, HELP, () => isStatic(BUSYBOX));
  return fileAt(BUSYBOX);
}

/** A static ELF file names no loader. */
const isStatic = (file: string): boolean =>
  fs.existsSync(file) && !fs.readFileSync(file).subarray(0, 4096).includes('ld-linux');

/** Debian's strace, which is installed where it is missing, with its libraries where it looks for them. */
export async function strace(): Promise<readonly TarFile[]> {
  await ensurePrograms({ strace: 'strace' }, HELP);
  const { stdout } = await run('ldd', ['/usr/bin/strace']);
  const libraries = [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, file = '']) => file);
  return ['/usr/bin/strace', ...libraries].map(fileAt);
}

const fileAt = (file: string): TarFile => ({
  name: path.relative('/', file),
  mode: 0o755,
  data: fs.readFileSync(file),
});

/**
 * Syscalls that a command makes in a folder as its root, with those that it starts, as strace shows them on this machine. It runs
 * in namespaces of its own.
 */
export async function seenByStrace(root: string, command: readonly string[]): Promise<ReadonlySet<string>> {
  await ensurePrograms({ strace: 'strace' }, HELP);
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
