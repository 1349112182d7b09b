import type { Call } from '../../server/src/policy/evaluate.ts';
import { shrink } from '../differential/shrink.ts';
import { printProfile, type Written } from '../differential/written.ts';
import { callsFor, HARMLESS_CALL } from './calls.ts';
import { type Judgement, judge, predict, targetFor } from './judge.ts';
import { BASE } from './names.ts';
import type { Run, Runtime, Setting } from './runtime.ts';

/** Profiles whose containers are started alike and make the same calls. */
export interface Group {
  readonly setting: Setting;
  /** Seed of the calls. */
  readonly seed: number;
  readonly cases: readonly Case[];
}

export interface Case {
  /** How to find it again: `seed 5`. */
  readonly label: string;
  readonly text: string;
  /** The same, taken apart, where calls are to be made around its operands. */
  readonly profile?: Written;
}

/** What a number of groups came to. */
export interface Tally {
  profiles: number;
  refused: number;
  /** Profiles that were not tried, since the policy engine does not say whether they load. */
  open: number;
  predicted: number;
  unpredictable: number;
  telling: number;
  /** The profiles for which the policy engine was wrong; the first ones as small as they get. */
  readonly failures: string[];
}

/** Groups at work at the same time, and failures that are looked into. */
const AT_ONCE = 2;
const SHOWN = 3;

/** Starts a container for every case and compares what its calls get with what the policy engine says. */
export async function campaign(runtime: Runtime, groups: Iterable<Group>): Promise<Tally> {
  const tally: Tally = { profiles: 0, refused: 0, open: 0, predicted: 0, unpredictable: 0, telling: 0, failures: [] };
  const queue = groups[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) await runGroup(runtime, next.value, tally);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return tally;
}

async function runGroup(runtime: Runtime, { setting, seed, cases }: Group, tally: Tally): Promise<void> {
  const target = targetFor(runtime.target, setting);
  const profiles = cases.flatMap(({ profile }) => profile ?? []);
  const calls = await callsFor(seed, profiles, target);
  const wrong: (readonly [Case, Judgement])[] = [];
  await runtime.prepare(calls, setting, async (run) => {
    const natural = await resultsOf(run);
    for (const each of cases) {
      const prediction = predict({ text: each.text, target, calls });
      if (prediction.start === 'open' && !runtime.takesEndless) {
        tally.open++;
        continue;
      }
      const judgement = judge(prediction, calls, await run(each.text), natural);
      count(tally, judgement);
      if (judgement.disagreements.length > 0) wrong.push([each, judgement]);
    }
  });
  for (const [found, { disagreements }] of wrong) {
    const small =
      tally.failures.length < SHOWN ? await smallest(runtime, setting, found, disagreements[0]!.call) : found;
    const about = { label: found.label, runtime: runtime.label, setting, calls: seed, profile: small.text };
    tally.failures.push(JSON.stringify({ ...about, disagreements: disagreements.slice(0, 3) }, hex));
  }
}

function count(tally: Tally, { end, predicted, unpredictable, telling }: Judgement): void {
  tally.profiles++;
  if (end === 'refused') tally.refused++;
  tally.predicted += predicted;
  tally.unpredictable += unpredictable;
  tally.telling += telling;
}

/** What the calls give without a filter. */
export async function resultsOf(run: Run) {
  const ran = await run();
  if (ran.kind !== 'ran') throw new Error(`The container without a profile is ${ran.kind}: ${ran.said}`);
  return ran.results;
}

/** The case made as small as it gets while it still shows what is wrong with a call, or with the start. */
async function smallest(runtime: Runtime, setting: Setting, found: Case, call: Call = HARMLESS_CALL): Promise<Case> {
  if (!found.profile) return found;
  const target = targetFor(runtime.target, setting);
  const calls = [call];
  const fails = async ({ profile }: { readonly profile: Written }): Promise<boolean> => {
    if (!starts(profile)) return false;
    const text = printProfile(profile);
    return runtime.prepare(calls, setting, async (run) => {
      const prediction = predict({ text, target, calls });
      return judge(prediction, calls, await run(text), await resultsOf(run)).disagreements.length > 0;
    });
  };
  const { profile } = await shrink({ profile: found.profile, target, calls }, fails);
  return { ...found, text: printProfile(profile), profile };
}

/** Shrinking must not take away what every container needs. */
const starts = ({ defaultAction, syscalls }: Written): boolean =>
  /_(ALLOW|LOG)$/.test(defaultAction) || syscalls.some(({ names }) => BASE.every((name) => names?.includes(name)));

const hex = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value);

/** The figures of a tally in a line, and its failures. */
export function report(title: string, tally: Tally, seconds: number): string {
  const { profiles, refused, open, predicted, unpredictable, telling, failures } = tally;
  const figure = (value: number): string => value.toLocaleString('en');
  const calls = `${figure(predicted)} calls predicted (${figure(telling)} of them decided by the filter), ${figure(unpredictable)} not predictable`;
  const sum = `${figure(profiles)} profiles, ${figure(refused)} of them not started, ${open} more left open, ${failures.length} wrong`;
  return [`      ${title}: ${sum}; ${calls}; ${seconds.toFixed(1)} s`, ...failures].join('\n');
}
