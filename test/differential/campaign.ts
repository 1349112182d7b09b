import type { Target } from '../../server/src/policy/target.ts';
import { withoutNewNames } from './age.ts';
import { type Case, compare, type Disagreement, type Oracle } from './compare.ts';
import { generate } from './generate.ts';
import type { Oracles } from './oracle.ts';
import { probes } from './probes.ts';
import { random } from './random.ts';
import { shrink } from './shrink.ts';
import { printProfile, type Written } from './written.ts';

/** What a number of comparisons came to. */
export interface Tally {
  cases: number;
  built: number;
  refused: number;
  /** Builds that libseccomp did not finish. */
  endless: number;
  /** Profiles of which the product does not tell whether they load. */
  open: number;
  predicted: number;
  unpredictable: number;
  /** Calls that get something else than is written for them. */
  differing: number;
  /** Calls by which the product shows such differences. */
  witnesses: number;
  /** Profiles with a wrong verdict, acceptance, refusal or witness. */
  wrong: number;
  /** The first of them. */
  readonly failures: Failure[];
}

/** A case in which the product is wrong, as small as it gets. */
export interface Failure {
  readonly label: string;
  readonly profile: string;
  readonly runtime: string;
  readonly host: string;
  readonly capabilities: readonly string[];
  readonly disagreements: readonly Disagreement[];
}

/** A case to be made when its turn comes. */
export interface Entry {
  /** How to find it again: `seed 5`. */
  readonly label: string;
  readonly make: (oracle: Oracle) => Promise<Case>;
}

const AT_ONCE = 64;

/** Compares libseccomp with the product on every entry, and shrinks the first failures. */
export async function campaign({ list }: Oracles, entries: Iterable<Entry>, shown = 5): Promise<Tally> {
  const tally: Tally = {
    cases: 0,
    built: 0,
    refused: 0,
    endless: 0,
    open: 0,
    predicted: 0,
    unpredictable: 0,
    differing: 0,
    witnesses: 0,
    wrong: 0,
    failures: [],
  };
  const queue = entries[Symbol.iterator]();
  const work = async (oracle: Oracle): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) await one(oracle, next.value, tally, shown);
  };
  await Promise.all(list.flatMap((oracle) => Array.from({ length: AT_ONCE }, () => work(oracle))));
  return tally;
}

async function one(oracle: Oracle, { label, make }: Entry, tally: Tally, shown: number): Promise<void> {
  const found = await make(oracle);
  const { end, open, disagreements, ...counts } = await compare(oracle, found);
  tally.cases++;
  tally[end]++;
  if (open) tally.open++;
  for (const count of ['predicted', 'unpredictable', 'differing', 'witnesses'] as const) tally[count] += counts[count];
  if (disagreements.length === 0) return;
  tally.wrong++;
  if (tally.wrong > shown) return;
  const fails = async (smaller: Case): Promise<boolean> => (await compare(oracle, smaller)).disagreements.length > 0;
  const smallest = await shrink(found, fails);
  tally.failures.push(await failure(oracle, label, smallest));
}

async function failure(oracle: Oracle, label: string, found: Case): Promise<Failure> {
  const { disagreements } = await compare(oracle, found);
  const { runtime, architecture, capabilities } = found.target;
  return {
    label,
    profile: printProfile(found.profile),
    runtime,
    host: architecture,
    capabilities: [...capabilities],
    disagreements: disagreements.slice(0, 3),
  };
}

/** Generated profiles from one seed on. */
export function* generated(first: number, count: number): Iterable<Entry> {
  for (let seed = first; seed < first + count; seed++)
    yield {
      label: `seed ${seed}`,
      make: async ({ library }) => {
        const { profile, target } = generate(seed);
        return { profile, target, calls: await probes(random(~seed), profile, target, library) };
      },
    };
}

/** One given profile for one target, with `each` calls of every syscall that it names. */
export function given(label: string, profile: Written, target: Target, seed: number, each: number): Entry {
  return {
    label,
    make: async (oracle) => {
      const known = await withoutNewNames(oracle, profile, target);
      return { profile: known, target, calls: await probes(random(seed), known, target, oracle.library, each) };
    },
  };
}

/** The figures of a tally in a few lines, and its failures as JSON. */
export function report(title: string, tally: Tally, seconds: number): string {
  const { cases, built, refused, endless, open, predicted, unpredictable, wrong, failures } = tally;
  const { differing, witnesses } = tally;
  const share = ((100 * unpredictable) / Math.max(1, predicted + unpredictable)).toFixed(2);
  const count = (value: number): string => value.toLocaleString('en');
  return [
    `${title}: ${count(cases)} profiles, ${count(built)} built, ${count(refused)} refused, ${endless} never finished; ${count(open)} of them left open`,
    `  ${count(predicted)} verdicts predicted, ${count(unpredictable)} not predictable (${share} %), ${wrong} profiles with a disagreement; ${seconds.toFixed(1)} s`,
    `  ${count(differing)} verdicts differ from what is written, each on a syscall with a witness; ${count(witnesses)} witnesses, all asked`,
    ...failures.map((failure) =>
      JSON.stringify(failure, (_, value) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value)),
    ),
  ].join('\n');
}
