import { memory, remembered } from './memory.ts';
import { type Candidate, smallestSet, type Trial } from './search.ts';

/** What is needed for trials to pass, and how sure that is. */
export interface Needs {
  readonly names: readonly string[];
  /** Trials with just these names, and how many of them passed. */
  readonly confirmed: Ratio;
  /** Trials with all candidates after the set had failed once; absent where it never did. */
  readonly withAll?: Ratio;
  /** Names without which a trial passed once and failed once. */
  readonly doubtful: readonly string[];
}

export interface Ratio {
  readonly passed: number;
  readonly of: number;
}

export interface NeedsOptions {
  /** Whether each name is taken out once more in the end, to see a trial fail without it. */
  readonly recheck: boolean;
  /** False where the program has already passed and failed under the same conditions. */
  readonly steady: boolean;
}

/** Trials that confirm a set. */
const CONFIRMATIONS = 3;
/** Searches in all: a program that does not do the same each time must not be searched for ever. */
const MOST_SEARCHES = 3;
/** Names of a set for each of which two more trials are no trouble. */
const FEW = 10;
/** Trials of a program that fails at times, before a failure is taken for one. */
const PATIENCE = 3;

/**
 * Finds the smallest set of candidates with which trials pass (see {@link smallestSet}), takes out again what it can do
 * without, and confirms it by repetition. A set that then fails is searched on from, when trials with all candidates still
 * pass each time; when these fail at times too, the program is at fault and each failure is tried again.
 */
export async function findNeeds(candidates: readonly Candidate[], run: Trial, options: NeedsOptions): Promise<Needs> {
  const everything = candidates.map(({ name }) => name);
  let { steady } = options;
  let known = memory();
  let withAll: Ratio | undefined;
  for (let search = 1; ; search++) {
    const trial = steady ? run : patiently(run);
    const found = await smallestSet(candidates, remembered(known, trial));
    const { names, doubtful } = options.recheck ? await recheck(found, trial) : { names: found, doubtful: [] };
    const confirmed = await repeated(run, names);
    const needs = { names, confirmed, doubtful, ...(withAll && { withAll }) };
    if (isWhole(confirmed) || search === MOST_SEARCHES || (!steady && confirmed.passed > 0)) return needs;
    withAll = await repeated(run, everything);
    known.record(names, false);
    if (isWhole(withAll)) continue;
    steady = false;
    known = memory();
  }
}

export const isWhole = ({ passed, of }: Ratio): boolean => passed === of;

/** Makes a trial several times at once. */
async function repeated(run: Trial, names: readonly string[]): Promise<Ratio> {
  const results = await Promise.all(Array.from({ length: CONFIRMATIONS }, () => run(names)));
  return { passed: results.filter(Boolean).length, of: CONFIRMATIONS };
}

/** Passes when one of a few trials does. */
const patiently =
  (run: Trial): Trial =>
  async (names) => {
    for (let i = 0; i < PATIENCE; i++) if (await run(names)) return true;
    return false;
  };

/** Takes each name out, the least wanted first. One whose lack passes twice was not needed after all. */
async function recheck(found: readonly string[], run: Trial): Promise<Pick<Needs, 'names' | 'doubtful'>> {
  let names = found;
  const doubtful: string[] = [];
  for (const name of found.toReversed()) {
    const rest = names.filter((other) => other !== name);
    const passed = await run(rest);
    // the search has seen a failure already: for many names it is not repeated twice
    const again = passed || found.length <= FEW ? await run(rest) : false;
    if (passed && again) names = rest;
    else if (passed || again) doubtful.push(name);
  }
  return { names, doubtful };
}
