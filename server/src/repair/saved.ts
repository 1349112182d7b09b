import { memory, remembered } from './memory.ts';
import { type Candidate, smallestSet } from './search.ts';

/**
 * How many trials fewer a search with hints took than one without, for a program that needs just these names: both are
 * made again in thought. Negative where the hints misled.
 */
export async function trialsSaved(
  hinted: readonly Candidate[],
  unhinted: readonly Candidate[],
  needed: readonly string[],
): Promise<number> {
  return (await trialsOf(unhinted, needed)) - (await trialsOf(hinted, needed));
}

async function trialsOf(candidates: readonly Candidate[], needed: readonly string[]): Promise<number> {
  let trials = 0;
  const trial = async (names: readonly string[]): Promise<boolean> => {
    trials++;
    const given = new Set(names);
    return needed.every((name) => given.has(name));
  };
  await smallestSet(candidates, remembered(memory(), trial));
  return trials;
}
