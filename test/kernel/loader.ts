import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { encode, type Program } from '../../server/src/policy/bpf/index.ts';
import type { Call } from '../../server/src/policy/evaluate.ts';
import { ensurePrograms } from '../debian.ts';

/** What the kernel did with a call. */
export type Result =
  | { readonly kind: 'returned'; readonly value: number }
  /** SIGSYS with the filter's data. */
  | { readonly kind: 'trapped'; readonly data: number }
  | { readonly kind: 'killed'; readonly signal: number };

export interface Loader {
  /** Loads the program and makes the calls under it; a number is the errno with which the kernel refused it. */
  load(program: Program, calls: readonly Call[]): Promise<readonly Result[] | number>;
  close(): void;
}

const FOLDER = path.resolve('out', 'kernel');
const SOURCE = path.resolve('test', 'kernel', 'loader.c');

const COMPILER = {
  gcc: 'gcc',
  '/usr/include/stdio.h': 'libc6-dev',
  '/usr/include/linux/seccomp.h': 'linux-libc-dev',
};
const HELP = `The kernel tests need a C compiler and the kernel's headers: apt-get install ${Object.values(COMPILER).join(' ')}`;

/** Builds and starts the program that loads filters. Throws with what to install where a compiler cannot be had. */
export async function startLoader(): Promise<Loader> {
  const program = path.join(FOLDER, 'loader');
  fs.mkdirSync(FOLDER, { recursive: true });
  await ensurePrograms(COMPILER, HELP);
  await promisify(execFile)('gcc', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', program, SOURCE]);
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: { readonly done: (line: string) => void; readonly fail: (error: Error) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.done(line));
  child.on('close', (code) => {
    for (const { fail } of waiting.splice(0)) fail(new Error(`the loader ended with ${code}`));
  });
  return {
    load: async (filter, calls) => {
      const line = new Promise<string>((done, fail) => waiting.push({ done, fail }));
      child.stdin.write(question(filter, calls));
      return readAnswer(await line);
    },
    close: () => child.stdin.end(),
  };
}

function question(program: Program, calls: readonly Call[]): string {
  const bytes = Buffer.from(encode(program, 'little')).toString('hex');
  const lines = calls.map(({ architecture, number, args }) => {
    const mode = architecture === 'SCMP_ARCH_X86' ? 'i' : 'n';
    return `C ${mode} ${[number, ...args].map((value) => value.toString(16)).join(' ')}\n`;
  });
  return `P ${bytes}\n${lines.join('')}E\n`;
}

function readAnswer(line: string): readonly Result[] | number {
  if (line.startsWith('refused ')) return Number(line.slice(8));
  return line.split(' ').map((word) => {
    const value = Number(word.slice(1));
    if (word.startsWith('r')) return { kind: 'returned', value };
    return word.startsWith('t') ? { kind: 'trapped', data: value } : { kind: 'killed', signal: value };
  });
}
