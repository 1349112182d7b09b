import type { Bench } from './bench.ts';
import { isObject, type Json, parseJson } from './json.ts';
import { containerTarget } from './target.ts';

/**
 * Why a profile must not be given to an engine at all; undefined when nothing speaks against it. A `null` in the list of
 * rules, or in the arguments of a rule, makes Docker's daemon hang: moby, profiles/seccomp/seccomp_linux.go.
 */
export function hazardOf(profile: string): string | undefined {
  const root = parseJson(profile);
  const rules = elements(member(root, 'syscalls'));
  if (rules.includes(null))
    return 'One of the rules in `syscalls` is null. Docker hangs on that and has to be restarted, so it was not tried. Remove the null.';
  if (rules.some((rule) => elements(member(rule, 'args')).includes(null)))
    return 'One of the conditions in `args` is null. Docker may hang on that, so it was not tried. Remove the null.';
  return undefined;
}

/** The profile with `SCMP_ACT_KILL_PROCESS` in the place of the actions that end a thread; numbers keep their text. */
export const killingProcesses = (profile: string): string =>
  profile.replace(/"(?:[^"\\]|\\.)*"/g, (literal) =>
    KILLS_THREAD.has(parseJson(literal)) ? '"SCMP_ACT_KILL_PROCESS"' : literal,
  );

/**
 * The profile as it can be tried for the first time: where a call of the loader itself ends one of its threads, the engine waits
 * for ever, unless it has but one, as crun. An action that ends the process does no such harm.
 */
export const gentleFor = ({ engine, options }: Pick<Bench, 'engine' | 'options'>, profile: string): string =>
  containerTarget(engine, options).loader === 'crun' ? profile : killingProcesses(profile);

const KILLS_THREAD = new Set<Json | undefined>(['SCMP_ACT_KILL', 'SCMP_ACT_KILL_THREAD']);

/** Go matches keys without regard to case, and of several the last counts. */
function member(value: Json | undefined, key: string): Json | undefined {
  if (!isObject(value)) return undefined;
  return Object.entries(value).findLast(([each]) => each.toLowerCase() === key)?.[1];
}

const elements = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
