import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';

/** A program to run, as data: no shell is ever involved. */
export interface Invocation {
  readonly program: string;
  readonly args: readonly string[];
  /** Variables on top of this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Uint8Array;
}

/** A program to run, and how to read what it says. */
export interface Command<T> extends Invocation {
  readonly parse: (output: Output) => T;
}

/** How a program ended. */
export interface Output {
  /** Exit status; 128 + number when a signal ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it was ended before its time. `missing` = there is no such program. */
  readonly stopped?: 'timeout' | 'cancelled' | 'flood' | 'missing' | 'failed';
}

export interface ExecuteOptions {
  /** Ends the program when it fires. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that the program may take; 30 000 when absent. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds that the program may go on after `signal` fired, so that it does not leave its work half done. */
  readonly graceMs?: number | undefined;
  /** Bytes of standard output and of standard error that it may write; 4 MB when absent. */
  readonly maxBytes?: number | undefined;
}

/** Runs a program to its end. Never rejects: what went wrong is in {@link Output.stopped}. */
export type Execute = (invocation: Invocation, options?: ExecuteOptions) => Promise<Output>;

/** Runs programs as child processes, each in a process group of its own, which is killed as a whole. */
export const execute: Execute = (invocation, options = {}) =>
  new Promise((resolve) => {
    if (options.signal?.aborted && !options.graceMs) return resolve(ended('cancelled'));
    const child = tryStart(invocation);
    if (typeof child === 'string') return resolve({ ...ended('failed'), status: 127, stderr: child });
    const maxBytes = options.maxBytes ?? 4 << 20;
    let stopped: Output['stopped'];
    const stop = (why: NonNullable<Output['stopped']>) => {
      stopped ??= why;
      kill(child);
    };
    const stdout = collect(child.stdout, maxBytes, () => stop('flood'));
    const stderr = collect(child.stderr, maxBytes, () => stop('flood'));
    const release = watch(options, stop);
    child.on('error', (error: NodeJS.ErrnoException) => {
      stopped ??= error.code === 'ENOENT' ? 'missing' : 'failed';
      release();
      resolve({ status: 127, stdout: stdout(), stderr: stderr() || error.message, stopped });
    });
    child.on('close', (status, signal) => {
      release();
      const number = status ?? 128 + (signal ? constants.signals[signal] : 0);
      resolve({ status: number, stdout: stdout(), stderr: stderr(), ...(stopped && { stopped }) });
    });
  });

const ended = (stopped: NonNullable<Output['stopped']>): Output => ({ status: 130, stdout: '', stderr: '', stopped });

/** Yields why a program cannot be started: Node throws some reasons, and tells others as it tells that there is none. */
function tryStart(invocation: Invocation): ReturnType<typeof start> | string {
  try {
    return start(invocation);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'E2BIG'
        ? 'its arguments are too long'
        : code === 'ERR_INVALID_ARG_VALUE'
          ? 'there is a null byte in its arguments or variables'
          : message;
    return `${invocation.program} could not be started: ${why}`;
  }
}

function start({ program, args, env, stdin }: Invocation) {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: 'pipe',
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  // a program that ends before it has read its input is no failure of ours
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  return child;
}

/** Keeps what a stream says up to a limit; the decoder sees whole characters only. */
function collect(stream: NodeJS.ReadableStream, maxBytes: number, onFlood: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (bytes < maxBytes) chunks.push(chunk.subarray(0, maxBytes - bytes));
    bytes += chunk.length;
    if (bytes > maxBytes) onFlood();
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

/** Arms time limit and cancellation; the result disarms them. */
function watch(
  { signal, timeoutMs = 30_000, graceMs = 0 }: ExecuteOptions,
  stop: (why: 'timeout' | 'cancelled') => void,
) {
  const timers = [setTimeout(() => stop('timeout'), timeoutMs)];
  const cancel = () => {
    timers.push(setTimeout(() => stop('cancelled'), graceMs));
  };
  if (signal?.aborted) cancel();
  else signal?.addEventListener('abort', cancel, { once: true });
  return () => {
    timers.forEach(clearTimeout);
    signal?.removeEventListener('abort', cancel);
  };
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}
