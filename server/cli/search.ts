import type { SearchRequest } from '../container/repair/index.ts';
import { isSyscall, syscallNames } from '../src/catalog/index.ts';
import { ENGINE_OPTIONS, engineFrom, engineOptions, timeLimit, wholeNumber } from './engine.ts';
import { Failure } from './failure.ts';
import { type Io, readSource, type Source, writeFile } from './io.ts';
import { type Arguments, choiceOf, listOf, nearMiss, textOf, type Values } from './options.ts';

/** Options of the commands that change a profile until a program passes. */
export const SEARCH_OPTIONS = {
  ...ENGINE_OPTIONS,
  image: { type: 'string' },
  write: { type: 'boolean' },
  format: { type: 'string' },
  'expect-status': { type: 'string' },
  'expect-stdout': { type: 'string' },
  'expect-stderr': { type: 'string' },
  hint: { type: 'string', multiple: true },
  'max-runs': { type: 'string' },
} as const;

/** A search as the command line asks for it. */
export interface Search {
  readonly source: Source;
  readonly request: SearchRequest;
  readonly format: 'text' | 'json';
  readonly write: boolean;
}

/** Reads `FILE [COMMAND...]`; the command usually stands behind `--`. */
export function readSearch(command: string, { values, positionals }: Arguments): Search {
  const [file, ...program] = positionals;
  if (file === undefined) throw new Failure(`${command} takes a FILE and, behind --, a COMMAND.`);
  const image = textOf(values, 'image');
  if (program.length > 0 && !image)
    throw new Failure('A COMMAND runs in an image of the engine: name it with --image.');
  const write = values.write === true;
  if (write && file === '-') throw new Failure('Standard input cannot be written back; leave --write out.');
  const format = choiceOf(values, 'format', ['text', 'json'], 'text');
  const status = wholeNumber(values, 'expect-status', 0);
  const stdout = pattern(values, 'expect-stdout');
  const stderr = pattern(values, 'expect-stderr');
  const maxRuns = wholeNumber(values, 'max-runs', 1);
  const timeLimitMs = timeLimit(values);
  const engine = engineFrom(values);
  const hints = hintsFrom(values);
  const source = readSource(file);
  const request: SearchRequest = {
    profile: source.text,
    engine,
    options: engineOptions(values),
    hints,
    ...(image && { image, command: program }),
    expect: { ...(status !== undefined && { status }), ...(stdout && { stdout }), ...(stderr && { stderr }) },
    ...(maxRuns !== undefined && { maxRuns }),
    ...(timeLimitMs !== undefined && { timeLimitMs }),
  };
  return { source, request, format, write };
}

function pattern(values: Values, name: string): RegExp | undefined {
  const text = textOf(values, name);
  try {
    return text === undefined ? undefined : new RegExp(text);
  } catch {
    throw new Failure(`--${name} takes a regular expression, not "${text}".`);
  }
}

function hintsFrom(values: Values): readonly string[] {
  const names = listOf(values, 'hint').flatMap((text) => text.split(','));
  const unknown = names.find((name) => !isSyscall(name));
  if (unknown !== undefined)
    throw new Failure(`--hint: "${unknown}" is no syscall.${nearMiss(unknown, syscallNames())}`);
  return names;
}

/** Tells each step on standard error where a person watches. */
export const progressTo =
  (io: Io): ((message: string) => void) =>
  (message) => {
    if (io.terminal) io.err(`${message}\n`);
  };

/** Writes the file back where that was asked for. */
export function writeBack({ source, write }: Search, text: string): void {
  if (write && text !== source.text) writeFile(source.name, text);
}
