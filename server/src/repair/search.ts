/** Something that may have to be kept, and how probable it is that it has to be: above 0, below 1. */
export interface Candidate {
  readonly name: string;
  readonly likelihood: number;
}

/** Whether a trial with these names passes. */
export type Trial = (names: readonly string[]) => Promise<boolean>;

/**
 * The smallest set of candidates with which a trial passes, given that it passes with all of them and that more names never
 * make it fail. Where several sets would do it gives the one that keeps to the front of the list: no set without its last
 * member lies wholly before that member. So candidates come in the order of preference.
 *
 * The last member of that set ends the shortest list of candidates that passes; with it given, the one before is found in
 * the same way. Each is searched by halving the probability, not the list: what is likely takes few trials wherever it is.
 */
export async function smallestSet(candidates: readonly Candidate[], passes: Trial): Promise<readonly string[]> {
  let needed: readonly string[] = [];
  let end = candidates.length;
  while (end > 0) {
    const found = needed;
    const first = candidates.slice(0, end);
    const length = await shortest(first, (count) => passes([...first.slice(0, count).map(nameOf), ...found]));
    if (length === 0) break;
    needed = [first[length - 1]!.name, ...needed];
    end = length - 1;
  }
  return needed;
}

const nameOf = ({ name }: Candidate): string => name;

/** The least number of candidates, counted from the front, that passes; all of them do. */
async function shortest(candidates: readonly Candidate[], passes: (count: number) => Promise<boolean>) {
  const enough = probabilityThatEnough(candidates);
  let low = 0;
  let high = candidates.length;
  while (low < high) {
    const count = middle(enough, low, high);
    if (await passes(count)) high = count;
    else low = count + 1;
  }
  return high;
}

/** By number of candidates from the front: the logarithm of the probability that none behind is needed. */
function probabilityThatEnough(candidates: readonly Candidate[]): readonly number[] {
  const logs = new Array<number>(candidates.length + 1).fill(0);
  for (let i = candidates.length - 1; i >= 0; i--) logs[i] = logs[i + 1]! + Math.log1p(-candidates[i]!.likelihood);
  return logs;
}

/** The number below `high` that passes and fails with the most equal probability, given that `low - 1` fails. */
function middle(enough: readonly number[], low: number, high: number): number {
  const within = (count: number): number => Math.exp(enough[count]! - enough[high]!);
  const excluded = low > 0 ? within(low - 1) : 0;
  let best = low;
  let error = Number.POSITIVE_INFINITY;
  for (let count = low; count < high; count++) {
    const off = Math.abs((within(count) - excluded) / (1 - excluded) - 0.5);
    if (off < error) [best, error] = [count, off];
  }
  return best;
}
