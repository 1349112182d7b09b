import { readFileSync, readSync, writeFileSync } from 'node:fs';
import { Failure } from './failure.ts';

/** What a command reads and writes. */
export interface Io {
  out(text: string | Uint8Array): void;
  err(text: string): void;
  /** Standard output is a terminal. */
  readonly terminal: boolean;
  /** Colours are wanted there. */
  readonly colours: boolean;
}

/** The streams of this process. */
export function processIo(): Io {
  const terminal = process.stdout.isTTY === true;
  process.stdout.on('error', endQuietly);
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    terminal,
    colours: wantsColours(terminal, process.env),
  };
}

/** Colours are for terminals that show them, and none where `NO_COLOR` has any value (no-color.org). */
export function wantsColours(terminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  return terminal && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** A reader that has seen enough (`| head`) is no failure. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode);
}

/** A text to judge, and how messages call it. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** Reads a file, or standard input for `-`. */
export function readSource(path: string): Source {
  try {
    return {
      name: path === '-' ? 'standard input' : path,
      text: path === '-' ? standardInput() : readFileSync(path, 'utf8'),
    };
  } catch (error) {
    throw readError(path, error);
  }
}

/** Why a file, or standard input for `-`, cannot be read. */
export function readError(path: string, error: unknown): Failure {
  return new Failure(`Cannot read ${path === '-' ? 'standard input' : path}: ${whyNot(error)}.`);
}

/** Reads to the end. */
function standardInput(): string {
  const parts: Buffer[] = [];
  const buffer = Buffer.alloc(65_536);
  for (let count = readSome(buffer); count > 0; count = readSome(buffer))
    parts.push(Buffer.from(buffer.subarray(0, count)));
  return Buffer.concat(parts).toString('utf8');
}

/** Bytes read, 0 at the end; waits where the other side of a pipe has nothing to give yet. */
export function readSome(buffer: Buffer, file = 0): number {
  for (;;) {
    try {
      return readSync(file, buffer);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // how Windows tells that a pipe was closed
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

export function writeFile(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw new Failure(`Cannot write ${path}: ${whyNot(error)}.`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  ELOOP: 'its links go round in a circle',
};

function whyNot(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}
