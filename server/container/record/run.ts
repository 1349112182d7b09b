import { type Bench, containerName, Stopped } from '../bench.ts';
import { createContainer, imageProblem, inspectContainer, startContainer } from '../commands.ts';
import type { Command, Output } from '../execute.ts';
import { innermost } from '../explain.ts';
import { labelsOf } from '../owner.ts';
import type { TarFile } from '../probe/tar.ts';
import { copyFrom, copyInto, inspectImage, killContainer } from './commands.ts';
import { hostTracer, type Tracer } from './host-tracer.ts';
import type { RecordedRun, RecordOutcome, RecordRequest } from './request.ts';

/** A run whose trace is on this machine now. */
export type Recorded = Omit<RecordedRun<never>, 'kind' | 'engine' | 'value' | 'cleanup'> & { readonly kind: 'traced' };
type Failed = Extract<RecordOutcome<never>, { readonly kind: 'failed' | 'cancelled' }>;
type Progress = (message: string) => void;
type Request = RecordRequest & { readonly timeLimitMs: number };

/** Where our files are in the container. */
const FOLDER = '/.seccomp-profiles';
const TRACE = `${FOLDER}/trace`;
const ORDER_MS = 60_000;
const MAX_OUTPUT = 16 << 20;

const failed = (message: string, raw = ''): Failed => ({ kind: 'failed', message, raw });

/**
 * The part of a recording that makes containers, which are left for the caller to remove: that of the program is named by `id`,
 * the one that looks for strace by `id` and `-look`.
 */
export async function recordOn(
  bench: Bench,
  request: Request,
  to: string,
  progress: Progress,
  id = 'record',
): Promise<Recorded | Failed> {
  try {
    return await attempt(bench, request, to, progress, id);
  } catch (error) {
    if (error instanceof Stopped) return { kind: 'cancelled' };
    return failed('The recording itself failed.', String(error));
  }
}

async function attempt(
  bench: Bench,
  request: Request,
  to: string,
  progress: Progress,
  id: string,
): Promise<Recorded | Failed> {
  const { engine } = bench;
  if (engine.kind === 'nerdctl')
    return failed(
      'nerdctl cannot put strace into a container, nor take its trace out. Use Docker or Podman, or import a trace.',
    );
  const problem = imageProblem(request.image);
  if (problem !== undefined) return failed(problem);
  const image = await order(bench, inspectImage(engine, request.image));
  if (!image) return failed(`${request.image} is not on the engine. Pull or build it first.`);
  const command = [...image.entrypoint, ...(request.command.length > 0 ? request.command : image.command)];
  if (command.length === 0) return failed(`${request.image} has no command of its own. Say which to run.`);
  const way = await findWay(bench, request, progress, `${id}-look`);
  if (way.kind !== 'way') return way;
  progress(`Recording ${command[0]} with ${way.words}`);
  const name = containerName(bench.runId, id);
  const made = await make(
    bench,
    request,
    name,
    [...way.tracer.command, '-f', '-s', '0', '-o', TRACE, ...command],
    [{ name: TRACE.slice(1), mode: 0o666, data: new Uint8Array() }, ...way.tracer.files],
  );
  if (made) return made;
  const ran = await start(bench, name, request.timeLimitMs);
  if (ran.kind !== 'traced') return ran;
  const copied = copyFrom(engine, name, TRACE, to);
  const output = await bench.execute(copied, { timeoutMs: ORDER_MS });
  if (!copied.parse(output)) return failed('The trace could not be taken out of the container.', output.stderr);
  return { ...ran, way: way.words, command };
}

interface Way {
  readonly kind: 'way';
  readonly tracer: Tracer;
  readonly words: string;
}

/** The image's strace first: it needs nothing of this machine. */
async function findWay(bench: Bench, request: Request, progress: Progress, id: string): Promise<Way | Failed> {
  progress(`Looking for strace in ${request.image}`);
  if (await hasStrace(bench, request, id))
    return { kind: 'way', tracer: { files: [], command: ['strace'] }, words: "the image's own strace" };
  const tracer = await hostTracer(bench.engine.machine, FOLDER, bench.execute);
  if (!('missing' in tracer)) return { kind: 'way', tracer, words: "this machine's strace, copied into the container" };
  return failed(
    `There is no strace to record with: ${request.image} has none, and ${tracer.missing}. Install it in one of them, or import a trace that was made elsewhere.`,
  );
}

async function hasStrace(bench: Bench, request: Request, id: string): Promise<boolean> {
  const name = containerName(bench.runId, id);
  if (await make(bench, request, name, ['strace', '-V'], [])) return false;
  const { status, stopped } = await bench.execute(startContainer(bench.engine, name), {
    signal: bench.signal,
    timeoutMs: ORDER_MS,
  });
  if (bench.signal.aborted) throw new Stopped();
  return status === 0 && !stopped;
}

/** Makes a container that runs a program instead of the image's entry point, with these files in it. */
async function make(
  bench: Bench,
  { image, network }: Request,
  name: string,
  [program = '', ...args]: readonly string[],
  files: readonly TarFile[],
): Promise<Failed | undefined> {
  const { engine, limits, runId } = bench;
  const create = createContainer(engine, {
    name,
    image,
    command: args,
    seccomp: 'unconfined',
    limits,
    labels: labelsOf(runId),
    options: [...bench.options, '--entrypoint', program],
    ...(network && { network }),
  });
  const created = await perform(bench, create);
  if (create.parse(created) === undefined) return failed('The container was not made.', innermost(created.stderr));
  if (files.length === 0) return undefined;
  const copied = await perform(bench, copyInto(engine, name, files));
  if (copied.status !== 0 || copied.stopped)
    return failed(
      'strace could not be put into the container (a read-only one takes no files).',
      innermost(copied.stderr),
    );
  return undefined;
}

/** Runs to the end, or until the limit or the user ends it. */
async function start(bench: Bench, name: string, limitMs: number) {
  const { engine, execute, signal } = bench;
  const output = await execute(startContainer(engine, name), { signal, timeoutMs: limitMs, maxBytes: MAX_OUTPUT });
  if (output.stopped) await execute(killContainer(engine, name), { timeoutMs: ORDER_MS });
  const inspect = inspectContainer(engine, name);
  const state = inspect.parse(await execute(inspect, { timeoutMs: ORDER_MS }));
  if (!state?.started) {
    if (signal.aborted) throw new Stopped();
    return failed('The container did not start.', innermost(output.stderr || (state?.error ?? '')));
  }
  const { stdout, stderr } = output;
  return { kind: 'traced', end: endOf(output), exitCode: state.exitCode, stdout, stderr } as const;
}

function endOf({ stopped }: Output): Recorded['end'] {
  if (stopped === 'timeout') return 'limit';
  if (stopped === 'flood') return 'flood';
  return stopped ? 'stopped' : 'exit';
}

/** Throws {@link Stopped}: what was ordered so far is found by its label. */
async function perform<T>({ execute, signal }: Bench, command: Command<T>): Promise<Output> {
  if (signal.aborted) throw new Stopped();
  const output = await execute(command, { timeoutMs: ORDER_MS, signal, graceMs: 5_000 });
  if (signal.aborted) throw new Stopped();
  return output;
}

const order = async <T>(bench: Bench, command: Command<T>): Promise<T> => command.parse(await perform(bench, command));
