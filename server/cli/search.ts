import { engineLabel } from '../container/index.ts';
import { casesSearch, type RepairReport, type SearchRequest, type TightenReport } from '../container/repair/index.ts';
import { isSyscall, syscallNames } from '../src/catalog/index.ts';
import { readCasesFile, refuseMistakes } from './cases-file.ts';
import { ENGINE_OPTIONS, engineFrom, engineOptions, timeLimit, wholeNumber } from './engine.ts';
import { Failure } from './failure.ts';
import { unifiedDiff } from './formats/unified.ts';
import { type Io, readSource, type Source, writeFile } from './io.ts';
import { type Arguments, choiceOf, listOf, nearMiss, textOf, type Values } from './options.ts';
import { printable, visible } from './printable.ts';

/** Options of the commands that change a profile until a program passes. */
export const SEARCH_OPTIONS = {
  ...ENGINE_OPTIONS,
  image: { type: 'string' },
  cases: { type: 'string' },
  write: { type: 'boolean' },
  format: { type: 'string' },
  'expect-status': { type: 'string' },
  'expect-stdout': { type: 'string' },
  'expect-stderr': { type: 'string' },
  hint: { type: 'string', multiple: true },
  'no-record': { type: 'boolean' },
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
  const tests = textOf(values, 'cases');
  const expectations = ['expect-status', 'expect-stdout', 'expect-stderr', 'image'];
  const second = tests === undefined ? undefined : expectations.find((name) => values[name] !== undefined);
  if (second) throw new Failure(`--${second} does not go with --cases: the cases say what to run and what to expect.`);
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
    ...(tests !== undefined && casesFrom(tests)),
    record: values['no-record'] !== true,
    expect: { ...(status !== undefined && { status }), ...(stdout && { stdout }), ...(stderr && { stderr }) },
    ...(maxRuns !== undefined && { maxRuns }),
    ...(timeLimitMs !== undefined && { timeLimitMs }),
  };
  return { source, request, format, write };
}

/** The test cases of a file, all of which have to pass. A mistake in it ends the command. */
function casesFrom(name: string): ReturnType<typeof casesSearch> {
  const read = readCasesFile(name);
  refuseMistakes(read, read.problems);
  const { document, file, folders } = read;
  if (document.cases.length === 0) throw new Failure(`${name} has no case.`);
  return casesSearch(document.cases, { file, folders });
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

/** What JSON says of a search whatever came of it. */
export function searchForJson(report: RepairReport | TightenReport, headline: string): object {
  const { outcome, label, runs, durationMs, bareMs, engine, recording } = report;
  return {
    outcome: outcome.kind,
    headline,
    label,
    engine: engine ? engineLabel(engine) : null,
    runs,
    durationMs,
    bareMs: bareMs ?? null,
    recording: recording ?? null,
    ...('saved' in outcome && { saved: outcome.saved }),
    ...(outcome.kind === 'ended-early' && { best: outcome.best ?? null }),
  };
}

/** Tells each step on standard error where a person watches. */
export const progressTo =
  (io: Io): ((message: string) => void) =>
  (message) => {
    if (io.terminal) io.err(`${printable(message)}\n`);
  };

/** Lines about a result, and the change where it is not written back: to the letter, unless a terminal shows it. */
export function changeText(
  lines: readonly (string | false)[],
  { source, write }: Search,
  text: string,
  { terminal }: Io,
): string {
  const diff = write ? '' : unifiedDiff(source.name, source.text, text);
  const shown = lines.flatMap((line) => (line ? `${printable(line)}\n` : []));
  return shown.join('') + (diff && `\n${terminal ? visible(diff) : diff}`);
}

/** Writes the file back where that was asked for. */
export function writeBack({ source, write }: Search, text: string): void {
  if (write && text !== source.text) writeFile(source.name, text);
}
