import type { Trial } from './search.ts';

/** What trials have shown. A failure outweighs a success: a set passes only where it always does. */
export interface Memory {
  /** What is known or follows; undefined where a trial must tell. */
  recall(names: readonly string[]): boolean | undefined;
  record(names: readonly string[], passed: boolean): void;
}

/** Remembers trials and concludes from them: with more names a pass stays a pass, with fewer a failure a failure. */
export function memory(): Memory {
  let passing: readonly ReadonlySet<string>[] = [];
  const failing: ReadonlySet<string>[] = [];
  return {
    recall(names) {
      const wanted = new Set(names);
      if (failing.some((set) => isSubset(wanted, set))) return false;
      return passing.some((set) => isSubset(set, wanted)) ? true : undefined;
    },
    record(names, passed) {
      const set = new Set(names);
      if (passed) passing = [...passing, set];
      else {
        failing.push(set);
        passing = passing.filter((one) => !isSubset(one, set));
      }
    },
  };
}

/** A trial that is made only where its result does not follow from those before. */
export function remembered(known: Memory, run: Trial): Trial {
  return async (names) => {
    const answer = known.recall(names);
    if (answer !== undefined) return answer;
    const passed = await run(names);
    known.record(names, passed);
    return passed;
  };
}

const isSubset = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size <= b.size && [...a].every((name) => b.has(name));
