import type { Result } from '../../server/container/measure.ts';
import type { ProbeArch } from '../../server/container/probe/layout.ts';
import { probeProgram, readOutput } from '../../server/container/probe/program.ts';
import type { Call } from '../../server/src/policy/evaluate.ts';
import type { Target } from '../../server/src/policy/target.ts';

/** A program on this machine that starts containers under a profile. */
export interface Runtime {
  /** With its releases: `runc 1.1.5, libseccomp 2.5.4`. */
  readonly label: string;
  /** What it is to the policy engine, for a container without capabilities. */
  readonly target: Target;
  /** Whether a start that never ends does no harm to later ones. */
  readonly takesEndless: boolean;
  /** Gives the use of a container that makes these calls, and removes all that was made for it. */
  prepare<T>(calls: readonly Call[], setting: Setting, use: (run: Run) => Promise<T>): Promise<T>;
  /** What is still there of what was made. */
  leftovers(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What a container is started with besides its profile. */
export interface Setting {
  /** Bounding set, `CAP_CHOWN`. */
  readonly capabilities: readonly string[];
  readonly noNewPrivileges: boolean;
}

/** Makes the calls under a profile, given as its text; without a filter when there is none. */
export type Run = (profile?: string) => Promise<Ran>;

export type Ran =
  /** The result of each call, made in a process of its own. */
  | { readonly kind: 'ran'; readonly results: readonly Result[] }
  /** The program was not started, and what the runtime said. */
  | { readonly kind: 'refused'; readonly said: string }
  /** The program was started and did not get to its end. */
  | { readonly kind: 'broken'; readonly said: string };

export const probeArch = (): ProbeArch => (process.arch === 'arm64' ? 'aarch64' : 'x86_64');

/** How the runtimes start the program: each call in a child of its own, from the first one on. */
export const COMMAND: readonly string[] = ['isolated', '0'];

/** The product's program for these calls. */
export const programFor = (calls: readonly Call[]): Uint8Array =>
  probeProgram(
    probeArch(),
    calls.map(({ number, args }) => ({ label: '', nr: number, args })),
  );

/** What a run of the program came to; a call without a result of its own ended its process. */
export function readRun(count: number, stdout: string, stderr: string): Ran {
  const lines = readOutput(stdout);
  if (lines.length === 0) return { kind: 'refused', said: stderr.trim() };
  if (!lines.some(({ kind }) => kind === 'end')) return { kind: 'broken', said: stderr.trim() };
  const results = new Array<Result>(count).fill({ kind: 'killed' });
  for (const line of lines) if (line.kind === 'result') results[line.index] = resultOf(line.value);
  return { kind: 'ran', results };
}

const LARGEST_ERRNO = 4095n;

const resultOf = (value: bigint): Result =>
  value < 0n && value >= -LARGEST_ERRNO
    ? { kind: 'errno', errno: Number(-value) }
    : { kind: 'value', value: Number(value) };
