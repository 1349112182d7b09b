import {
  type ContainerState,
  createContainer,
  imageProblem,
  inspectContainer,
  type Limits,
  loadImage,
  startContainer,
} from './commands.ts';
import type { Engine } from './engine.ts';
import type { Command, Execute, ExecuteOptions, Output } from './execute.ts';
import { labelsOf } from './owner.ts';

/** Where containers of one test are run. */
export interface Bench {
  readonly engine: Engine;
  readonly runId: string;
  readonly execute: Execute;
  /** Fires when the user cancels and when the time is over. */
  readonly signal: AbortSignal;
  readonly limits: Limits;
  /** Further options for every container. */
  readonly options: readonly string[];
}

/** One container to run. */
export interface Job {
  /** Sets its name apart from the test's other containers. */
  readonly id: string;
  readonly image: string;
  readonly command: readonly string[];
  /** `unconfined`, or the path of a profile. */
  readonly seccomp: string;
  /** `none` when absent. */
  readonly network?: 'none' | 'bridge';
}

/** How a container's run ended. */
export type Ran =
  | {
      readonly kind: 'ended';
      readonly exitCode: number;
      readonly outOfMemory: boolean;
      readonly stdout: string;
      readonly stderr: string;
      /** The program wrote more than it may and was ended. */
      readonly flooded: boolean;
      /** Milliseconds from the order to start to the end. */
      readonly durationMs: number;
    }
  | {
      /** The container was not made or its program was not started. */
      readonly kind: 'refused';
      /** What the engine said. */
      readonly raw: string;
    };

/** Thrown when the user cancelled or the time was over. */
export class Stopped extends Error {
  /** How far a container got that was being run: unknown when the engine does not say. */
  readonly container: 'none' | 'not-started' | 'running' | 'unknown';
  /** What the container had written. */
  readonly output: string;

  constructor(container: Stopped['container'] = 'none', output = '') {
    super('stopped');
    this.container = container;
    this.output = output;
  }
}

const MAX_OUTPUT = 1 << 20;
/** Time for an order to reach the engine, after a cancel too: an order given up half way could still be carried out. */
const ORDER: ExecuteOptions = { timeoutMs: 30_000, graceMs: 5_000 };

export const containerName = (runId: string, id: string): string => `seccomp-profiles-${runId}-${id}`;
export const imageTag = (runId: string): string => `localhost/seccomp-profiles-probe:${runId}`;

/** Adds an image to the engine. Yields what the engine said when it failed. Throws {@link Stopped}. */
export async function addImage(bench: Bench, archive: Uint8Array): Promise<string | undefined> {
  const { output, value } = await order(bench, loadImage(bench.engine, archive), ORDER);
  return value ? undefined : output.stderr;
}

/** Makes a container and runs it to its end. Throws {@link Stopped}. */
export async function runContainer(bench: Bench, job: Job): Promise<Ran> {
  const problem = imageProblem(job.image);
  if (problem !== undefined) return { kind: 'refused', raw: problem };
  const name = containerName(bench.runId, job.id);
  const { limits, options, engine, runId } = bench;
  const spec = { ...job, name, limits, options, labels: labelsOf(runId) };
  const created = await order(bench, createContainer(engine, spec), ORDER);
  if (created.value === undefined) return { kind: 'refused', raw: created.output.stderr };
  return start(bench, name);
}

async function start(bench: Bench, name: string): Promise<Ran> {
  const from = Date.now();
  const output = await bench.execute(startContainer(bench.engine, name), {
    signal: bench.signal,
    timeoutMs: 3_600_000,
    maxBytes: MAX_OUTPUT,
  });
  const durationMs = Date.now() - from;
  const state = await inspect(bench, name);
  if (output.stopped === 'cancelled') throw new Stopped(progressOf(state), output.stdout);
  if (!state?.started) return { kind: 'refused', raw: output.stderr || state?.error || '' };
  return ended(state, output, durationMs);
}

const ended = (state: ContainerState, { status, stdout, stderr, stopped }: Output, durationMs: number): Ran => ({
  kind: 'ended',
  exitCode: state.running ? status : state.exitCode,
  outOfMemory: state.outOfMemory,
  stdout,
  stderr,
  flooded: stopped === 'flood',
  durationMs,
});

/** Asks although the test may be stopped: the answer says what it was stopped at. */
async function inspect({ engine, execute }: Bench, name: string): Promise<ContainerState | undefined> {
  const command = inspectContainer(engine, name);
  return command.parse(await execute(command, { timeoutMs: 5_000 }));
}

function progressOf(state: ContainerState | undefined): Stopped['container'] {
  if (!state) return 'unknown';
  return state.started ? 'running' : 'not-started';
}

async function order<T>({ execute, signal }: Bench, command: Command<T>, options: ExecuteOptions) {
  if (signal.aborted) throw new Stopped();
  const output = await execute(command, { ...options, signal });
  if (signal.aborted) throw new Stopped();
  return { output, value: command.parse(output) };
}
