import { open } from 'node:fs/promises';
import { architectureOfMachine } from '../../src/catalog/index.ts';
import { startRecording } from '../../src/record/index.ts';
import type { Clues } from '../../src/repair/clues.ts';
import { Stopped } from '../bench.ts';
import { recordOn } from '../record/run.ts';
import type { TestHost } from '../request.ts';
import type { Criterion, Program } from './criterion.ts';
import type { SearchRecording } from './report.ts';
import type { SearchRequest } from './request.ts';
import type { Stand } from './stand.ts';

/** Containers that a recording takes: one to look for strace, one to run. */
const CONTAINERS = 2;
/** Of a longer trace only so much is read: most programs repeat themselves, and the rest is searched for. */
const MOST_BYTES = 64 << 20;

/** A traced program takes several times as long, and putting strace there its time too. */
const limitOf = (bareMs: number): number => 10_000 + 10 * bareMs;

/**
 * Records what a criterion runs, once and without a profile, so that a search knows where to look. Undefined where that is not
 * wanted, or where there is nothing of the user's to record. `bareMs`: how long a try takes without a profile. Throws `Stopped`
 * when the stand's signal fires.
 */
export async function recordFirst(
  stand: Stand,
  { hints = [], record = true }: SearchRequest,
  { programs }: Criterion,
  bareMs: number,
  { progress = () => undefined }: TestHost,
): Promise<SearchRecording | undefined> {
  if (!record || hints.length > 0 || programs.length === 0) return undefined;
  return recordPrograms(stand, programs, limitOf(bareMs), progress);
}

/** Syscalls to try first, and what it took to know them. */
export interface Seen extends Pick<Clues, 'hints' | 'recorded'> {
  /** Containers of the recording. */
  readonly containers: number;
}

export function seenBy({ hints = [] }: SearchRequest, recording: SearchRecording | undefined): Seen {
  if (recording?.kind !== 'recorded') return { hints, containers: 0 };
  return { hints: recording.names, recorded: true, containers: recording.containers };
}

async function recordPrograms(
  stand: Stand,
  programs: readonly Program[],
  limitMs: number,
  progress: (message: string) => void,
): Promise<SearchRecording> {
  const { machine } = stand.bench.engine;
  const architecture = architectureOfMachine(machine);
  if (!architecture) return { kind: 'missing', why: `The syscalls of a machine of type ${machine} are not known.` };
  const names = new Set<string>();
  const ways = new Set<string>();
  for (const program of programs) {
    const recorder = startRecording({ format: 'strace', architecture });
    const traced = await trace(stand, program, limitMs, progress);
    if ('why' in traced) return { kind: 'missing', ...traced };
    recorder.add(program.image, traced.lines);
    for (const { name } of recorder.result().syscalls) names.add(name);
    ways.add(traced.way);
  }
  return {
    kind: 'recorded',
    way: [...ways].join(' and '),
    names: [...names],
    containers: CONTAINERS * programs.length,
  };
}

type Traced = { readonly way: string; readonly lines: readonly string[] } | { readonly why: string };

async function trace(
  { bench, write, next, discard }: Stand,
  { image, command, options = [], network = 'none' }: Program,
  timeLimitMs: number,
  progress: (message: string) => void,
): Promise<Traced> {
  const { engine } = bench;
  const id = `record-${next()}`;
  const file = await write(`trace-${next()}`, '');
  const request = { engine, image, command, network, timeLimitMs };
  const recorded = await recordOn({ ...bench, options: [...bench.options, ...options] }, request, file, progress, id);
  if (recorded.kind === 'cancelled') throw new Stopped();
  if (recorded.kind === 'failed') return { why: recorded.message };
  discard(id);
  discard(`${id}-look`);
  return { way: recorded.way, lines: await linesOf(file) };
}

async function linesOf(file: string): Promise<readonly string[]> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, MOST_BYTES)));
    return buffer.toString('utf8', 0, bytesRead).split('\n').filter(Boolean);
  } finally {
    await handle.close();
  }
}
