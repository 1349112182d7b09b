import { ENGINE_NAME, type RecordedRun, type RecordOutcome, recordCommand } from '../container/index.ts';
import { architecture, architectureOfMachine } from '../src/catalog/index.ts';
import { type Recording, startRecording } from '../src/record/index.ts';
import { ENGINE_OPTIONS, engineFrom, engineOptions, timeLimit } from './engine.ts';
import { Failure } from './failure.ts';
import { RECORDING_OPTIONS, writeProfile } from './import.ts';
import type { Io } from './io.ts';
import { linesIn } from './lines.ts';
import { type Arguments, choiceOf, textOf, type Values } from './options.ts';
import { printable } from './printable.ts';
import { targetFrom } from './target.ts';

export const RECORD_OPTIONS = {
  ...RECORDING_OPTIONS,
  ...ENGINE_OPTIONS,
  image: { type: 'string' },
  network: { type: 'string' },
} as const;

/** `record --image I -- COMMAND...`: 0, or 1 where nothing was recorded or the profile cannot be extended. */
export async function recordCommandLine(
  { values, positionals }: Arguments,
  io: Io,
  _version: string,
  signal: AbortSignal,
): Promise<number> {
  const image = textOf(values, 'image');
  if (image === undefined) throw new Failure('record takes an image to run: --image I.');
  const limit = timeLimit(values);
  const outcome = await recordCommand(
    {
      engine: engineFrom(values),
      image,
      command: positionals,
      options: engineOptions(values),
      network: choiceOf(values, 'network', ['none', 'bridge'], 'none'),
      ...(limit !== undefined && { timeLimitMs: limit }),
    },
    (trace, { machine }) => recordingOf(trace, machine, values),
    { signal, progress: (message) => io.err(`${printable(message)}\n`) },
  );
  return report(outcome, values, io);
}

function recordingOf(trace: string, machine: string, values: Values): Recording {
  const recorder = startRecording({
    format: 'strace',
    architecture: architectureOfMachine(machine) ?? architecture(targetFrom(values).architecture)!,
    onlySucceeded: values['only-succeeded'] === true,
  });
  recorder.add('trace', linesIn(trace));
  return recorder.result();
}

function report(outcome: RecordOutcome<Recording>, values: Values, io: Io): number {
  switch (outcome.kind) {
    case 'no-engine':
      throw new Failure(outcome.problems.map(({ message }) => message));
    case 'failed':
      throw new Failure([outcome.message, ...outcome.raw.split('\n')].filter(Boolean), 1);
    case 'cancelled':
      throw new Failure('The recording was cancelled before the command ran.', 1);
    case 'recorded':
      return write(outcome, values, io);
  }
}

function write(run: RecordedRun<Recording>, values: Values, io: Io): number {
  const { stdout, stderr, engine, value, cleanup } = run;
  // standard output is the profile's
  io.err(stdout + stderr);
  io.err(`${printable(endInWords(run))}\n`);
  for (const { thing, id } of cleanup.left)
    io.err(`Still there, since ${ENGINE_NAME[engine.kind]} did not remove it: ${thing} ${printable(id)}\n`);
  const target = targetFrom(values);
  const native = architectureOfMachine(engine.machine)?.name ?? target.architecture;
  return writeProfile(value, { ...target, architecture: native }, values, io);
}

function endInWords({ end, exitCode, command }: RecordedRun<Recording>): string {
  switch (end) {
    case 'exit':
      return `${command[0]} ended with status ${exitCode}.`;
    case 'limit':
      return `${command[0]} was ended at the time limit; what it did until then was recorded.`;
    case 'stopped':
      return `${command[0]} was ended; what it did until then was recorded.`;
    case 'flood':
      return `${command[0]} was ended since it wrote too much; what it did until then was recorded.`;
  }
}
