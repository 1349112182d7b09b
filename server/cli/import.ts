import { architecture } from '../src/catalog/index.ts';
import type { Target } from '../src/policy/target.ts';
import {
  createdInWords,
  createProfile,
  mergedInWords,
  mergeInto,
  type Recording,
  recordingInWords,
  startRecording,
  TRACE_FORMATS,
} from '../src/record/index.ts';
import { Failure } from './failure.ts';
import { type Io, readSource, writeFile } from './io.ts';
import { linesIn } from './lines.ts';
import { type Arguments, choiceOf, listOf, textOf, type Values } from './options.ts';
import { printable } from './printable.ts';
import { load } from './profile.ts';
import { targetFrom } from './target.ts';

/** Options of the commands that make a profile of recorded calls. */
export const RECORDING_OPTIONS = {
  into: { type: 'string' },
  output: { type: 'string', short: 'o' },
  arguments: { type: 'boolean' },
  'only-succeeded': { type: 'boolean' },
  unknown: { type: 'string' },
} as const;

export const IMPORT_OPTIONS = {
  ...RECORDING_OPTIONS,
  format: { type: 'string' },
  'only-pid': { type: 'string', multiple: true },
} as const;

/** `import TRACE...`: 0, or 1 where no call was found or the profile cannot be extended. */
export function importCommand({ values, positionals }: Arguments, io: Io): number {
  if (positionals.length === 0) throw new Failure('import takes at least one TRACE; - is standard input.');
  const target = targetFrom(values);
  const pids = listOf(values, 'only-pid').map((text) => wholeNumber(text, 'only-pid'));
  const recorder = startRecording({
    format: choiceOf(values, 'format', TRACE_FORMATS, 'auto'),
    architecture: architecture(target.architecture)!,
    pids: pids.length > 0 ? new Set(pids) : undefined,
    onlySucceeded: values['only-succeeded'] === true,
  });
  for (const path of new Set(positionals)) recorder.add(path === '-' ? 'standard input' : path, linesIn(path));
  return writeProfile(recorder.result(), target, values, io);
}

/** Writes the profile that a recording makes, new or merged, and tells on standard error what was read. */
export function writeProfile(recording: Recording, target: Target, values: Values, io: Io): number {
  const report = recordingInWords(recording, wholeNumber(textOf(values, 'unknown') ?? '5', 'unknown'));
  if (recording.syscalls.length === 0) throw new Failure(['No call was found.', ...report], 1);
  const into = textOf(values, 'into');
  const made = into === undefined ? create(recording, target, values) : merge(into, recording, target, values);
  const output = textOf(values, 'output');
  if (output === undefined || output === '-') io.out(made.text);
  else writeFile(output, made.text);
  io.err(`${[...report, ...made.words].map(printable).join('\n')}\n`);
  return 0;
}

interface Made {
  readonly text: string;
  readonly words: readonly string[];
}

function create(recording: Recording, target: Target, values: Values): Made {
  const created = createProfile(recording, { target, arguments: values.arguments === true });
  return { text: created.text, words: createdInWords(created) };
}

function merge(path: string, recording: Recording, target: Target, values: Values): Made {
  const { source } = load(readSource(path), target);
  const merged = mergeInto(source.text, recording, { target, arguments: values.arguments === true });
  if (merged.kind === 'refused') throw new Failure(`${source.name}: ${merged.message}`, 1);
  return { text: merged.text, words: mergedInWords(merged) };
}

function wholeNumber(text: string, option: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Failure(`--${option} takes a whole number, not "${text}".`);
}
