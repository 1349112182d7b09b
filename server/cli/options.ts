import { type ParseArgsConfig, parseArgs } from 'node:util';
import { similar } from '../src/catalog/index.ts';
import { Failure } from './failure.ts';

type Specs = NonNullable<ParseArgsConfig['options']>;

/** Options as given: texts, lists of texts and switches. */
export type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

export interface Arguments {
  readonly values: Values;
  readonly positionals: readonly string[];
}

/** Reads the arguments of a command; what it does not know ends it with the nearest that it does know. */
export function readArguments(args: readonly string[], options: Specs): Arguments {
  const known = { ...options, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: known, allowPositionals: true });
    return { values, positionals };
  } catch (error) {
    throw new Failure(whatIsWrong(error as NodeJS.ErrnoException, Object.keys(known)));
  }
}

function whatIsWrong({ code, message }: NodeJS.ErrnoException, known: readonly string[]): string {
  const option = /'(--?[^' =]+)/.exec(message)?.[1] ?? '';
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `${message.replace(/\n/g, ' ').replace(/\.$/, '')}.`;
  return `Unknown option ${option}.${nearMiss(option.replace(/^-+/, ''), known, '--')}`;
}

/** ` Did you mean --format?`, or nothing where nothing is near. */
export function nearMiss(word: string, known: readonly string[], prefix = ''): string {
  const [near] = similar(word, known, 1);
  return near ? ` Did you mean ${prefix}${near}?` : '';
}

export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export function listOf(values: Values, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** The value of an option that takes one of a few words. */
export function choiceOf<T extends string>(values: Values, name: string, choices: readonly T[], otherwise: T): T {
  const given = textOf(values, name) ?? otherwise;
  const found = choices.find((choice) => choice === given);
  if (!found) throw new Failure(`--${name} takes ${choices.join(', ')}, not "${given}".${nearMiss(given, choices)}`);
  return found;
}
