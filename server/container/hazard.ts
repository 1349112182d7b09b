import { asRead, holesIn } from '../src/policy/as-read.ts';
import type { Target } from '../src/policy/target.ts';
import { parseProfile } from '../src/profile/build.ts';
import { defaultTarget } from '../src/settings.ts';
import type { Bench } from './bench.ts';
import { type Json, parseJson } from './json.ts';
import { containerTarget } from './target.ts';

/**
 * Why a profile must not be given to an engine at all; undefined when nothing speaks against it. A `null` in the list of
 * rules, or in the arguments of a rule, makes Docker's daemon hang: moby, profiles/seccomp/seccomp_linux.go.
 */
export function hazardOf(text: string): string | undefined {
  const { profile } = parseProfile(text);
  if (!profile) return undefined;
  const target = strictDocker();
  const { view, rules } = asRead(profile, target);
  if (holesIn(view, 'syscalls', target).length > 0)
    return 'One of the rules in `syscalls` is null. Docker hangs on that and has to be restarted, so it was not tried. Remove the null.';
  if (rules.some((rule) => holesIn(rule.view, 'args', target).length > 0))
    return 'One of the conditions in `args` is null. Docker may hang on that, so it was not tried. Remove the null.';
  return undefined;
}

/** The Docker that hangs on more than those of today. */
const strictDocker = (): Target => ({ ...defaultTarget(), runtime: 'docker', releases: { engine: '20.10.24' } });

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
