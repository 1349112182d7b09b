import { addImage, type Bench, imageTag, type Ran, runContainer } from './bench.ts';
import type { Limits } from './commands.ts';
import { ENDED_AT_ONCE } from './explain.ts';
import { labelsOf } from './owner.ts';
import { type Probe, probeLabel } from './probe/calls.ts';
import { imageArchive } from './probe/image.ts';
import { EXIT, type Mode, type ProbeArch } from './probe/layout.ts';
import { probeProgram, readOutput } from './probe/program.ts';

/** What the kernel gave for a syscall; a value beyond 2^53 is rounded. */
export type Result =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'errno'; readonly errno: number }
  | { readonly kind: 'killed' };

/** What one set of probes gave under one profile. */
export type Measured =
  | {
      readonly kind: 'measured';
      readonly mode: Mode;
      /** By index of the probe; undefined where it was not reached. */
      readonly results: readonly (Result | undefined)[];
      /** Exit status of the probe program's last run. */
      readonly exitCode: number;
      /** Runs of the program. */
      readonly runs: number;
      /** No result could be written. */
      readonly mute: boolean;
      /** Milliseconds that the first container took from start to end. */
      readonly durationMs: number;
    }
  | { readonly kind: 'refused'; readonly raw: string };

type Ended = Extract<Ran, { kind: 'ended' }>;

/** Runs with a restart after each kill: each costs a container, a third of a second or more. */
const MAX_RUNS = 30;
/** Kills without another result between them after which the rest is taken to be like that. */
const MAX_KILLS_IN_A_ROW = 5;
const MAX_ERRNO = 4095n;

/** Makes the image of the probe program and adds it to the engine. Yields what the engine said when it failed. */
export function addProbeImage(bench: Bench, arch: ProbeArch, probes: readonly Probe[]): Promise<string | undefined> {
  return addImage(bench, probeArchive(labelsOf(bench.runId), imageTag(bench.runId), arch, probes));
}

/** The image of the probe program, as an archive for `docker load`. */
export function probeArchive(
  labels: Readonly<Record<string, string>>,
  tag: string,
  arch: ProbeArch,
  probes: readonly Probe[],
): Uint8Array {
  const calls = probes.map((probe) => ({ label: probeLabel(probe), nr: probe.nr, args: probe.args }));
  return imageArchive({ arch, tag, labels, program: probeProgram(arch, calls) });
}

/** Processes of the engine's and of the program itself. */
const OWN_PROCESSES = 64;

/**
 * Limits for a container of the probe program that makes `count` calls. It does not wait for its children, since `wait4` may be
 * what ends it under the profile: each stays as a zombie and counts until the container ends.
 */
export const probeLimits = (limits: Limits, count: number): Limits => ({
  ...limits,
  pids: Math.max(limits.pids, count + OWN_PROCESSES),
});

/** Runs the probe program from beyond its last call: does a container start under the profile? */
export const startOnly = (bench: Bench, id: string, seccomp: string, count: number): Promise<Ran> =>
  runProbe(bench, id, seccomp, 'direct', count);

/**
 * Runs the probes under a profile: first each in a child process of its own, which needs `clone`; where that is denied,
 * all in one process, started again after each call that ends it.
 */
export async function measure(bench: Bench, id: string, seccomp: string, count: number): Promise<Measured> {
  const roomy = { ...bench, limits: probeLimits(bench.limits, count) };
  const ran = await runProbe(roomy, `${id}-0`, seccomp, 'isolated', 0);
  if (ran.kind === 'refused') return ran;
  const { results, complete } = read(ran, count);
  if (!complete) return measureDirectly(bench, id, seccomp, count);
  const all = results.map((result): Result => result ?? { kind: 'killed' });
  return { kind: 'measured', mode: 'isolated', results: all, ...tail(ran, 1), mute: false };
}

/** Runs the probes in one process, which is started again after each call that ends it. */
export async function measureDirectly(bench: Bench, id: string, seccomp: string, count: number): Promise<Measured> {
  const results: (Result | undefined)[] = new Array(count).fill(undefined);
  let next = 0;
  let kills = 0;
  for (let run = 1; ; run++) {
    const ran = await runProbe(bench, `${id}-${run}`, seccomp, 'direct', next);
    if (ran.kind === 'refused') return ran;
    const part = read(ran, count);
    if (run === 1 && ran.exitCode > 128 && isBlank(part.results)) {
      const dead = await endsAtOnce(bench, id, seccomp, count);
      if (dead) return dead;
    }
    part.results.forEach((result, i) => {
      results[i] ??= result;
    });
    const missing = results.indexOf(undefined, next);
    const state = { kind: 'measured', mode: 'direct', results, ...tail(ran, run) } as const;
    if (part.complete || missing < 0) return { ...state, mute: false };
    if (ran.exitCode === EXIT.mute || ran.exitCode <= 128) return { ...state, mute: true };
    results[missing] = { kind: 'killed' };
    kills = missing === next ? kills + 1 : 1;
    next = missing + 1;
    if (next >= count || run >= MAX_RUNS || kills >= MAX_KILLS_IN_A_ROW) return { ...state, mute: false };
  }
}

async function runProbe(bench: Bench, id: string, seccomp: string, mode: Mode, start: number): Promise<Ran> {
  const ran = await runContainer(bench, { id, image: imageTag(bench.runId), command: [mode, String(start)], seccomp });
  // the probe writes to its output alone: what is on the other is runc's, which could not execute it
  const executed = ran.kind !== 'ended' || ran.stdout !== '' || ran.stderr === '' || ran.exitCode === EXIT.mute;
  return executed ? ran : { kind: 'refused', raw: ran.stderr };
}

const isBlank = (results: readonly (Result | undefined)[]): boolean => results.every((result) => result === undefined);

/** Whether the program is ended even where it has no call to make, and what to say then. */
async function endsAtOnce(bench: Bench, id: string, seccomp: string, count: number) {
  const ran = await runProbe(bench, `${id}-start`, seccomp, 'direct', count);
  if (ran.kind === 'refused') return ran;
  if (ran.exitCode <= 128) return undefined;
  return { kind: 'refused', raw: `${ENDED_AT_ONCE}, with exit status ${ran.exitCode}` } as const;
}

const tail = ({ exitCode, durationMs }: Ended, runs: number) => ({ exitCode, durationMs, runs });

function read({ stdout }: Ended, count: number) {
  const results: (Result | undefined)[] = new Array(count).fill(undefined);
  const lines = readOutput(stdout);
  for (const line of lines)
    if (line.kind === 'result' && line.index < count) results[line.index] = resultOf(line.value);
  return { results, complete: lines.some((line) => line.kind === 'end') };
}

const resultOf = (value: bigint): Result =>
  value < 0n && value >= -MAX_ERRNO
    ? { kind: 'errno', errno: Number(-value) }
    : { kind: 'value', value: Number(value) };
