import type { EngineSettings } from '../container/index.ts';
import { Failure } from './failure.ts';
import { choiceOf, listOf, textOf, type Values } from './options.ts';

/** Options of every command that runs containers. */
export const CONTAINER_OPTIONS = {
  engine: { type: 'string' },
  option: { type: 'string', multiple: true },
} as const;

/** Those of commands with one limit for everything. */
export const ENGINE_OPTIONS = { ...CONTAINER_OPTIONS, 'time-limit': { type: 'string' } } as const;

/** Which engine to use; `DOCKER_HOST` and its like are taken from the environment by the engine's own program. */
export const engineFrom = (values: Values): EngineSettings => ({
  kind: choiceOf(values, 'engine', ['auto', 'docker', 'podman', 'nerdctl'], 'auto'),
});

/** Further options of `docker create`, one word each. */
export const engineOptions = (values: Values): readonly string[] => listOf(values, 'option');

/** Milliseconds from `--time-limit` in seconds; undefined where it is not given. */
export function timeLimit(values: Values): number | undefined {
  const seconds = wholeNumber(values, 'time-limit', 1);
  return seconds === undefined ? undefined : seconds * 1000;
}

/** The value of an option that takes a number of at least `least`; undefined where it is not given. */
export function wholeNumber(values: Values, name: string, least: number): number | undefined {
  const given = textOf(values, name);
  if (given === undefined) return undefined;
  const number = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (number >= least) return number;
  throw new Failure(`--${name} takes a whole number of at least ${least}, not "${given}".`);
}
