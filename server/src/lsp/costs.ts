/** No one should wait longer than this for a change to show. */
const LONGEST_WAIT_MS = 500;

/** What takes no longer is done at once. */
const CHEAP_MS = 30;

/** Pauses between changes for as long as the computation takes, several times over. */
const WAIT_BY_COST = 3;

/** A version of a document. One that is made of the version before it costs less than one that is made anew. */
export interface Version {
  readonly uri: string;
  readonly isContinued: boolean;
}

/** What diagnostics of each document cost, so that large ones wait for a pause in typing and small ones for nothing. */
export interface Costs {
  /** How long to wait after a change of a document, in milliseconds. */
  waitFor(version: Version): number;
  /** Runs a computation for a document and remembers how long it took. */
  measure<T>(version: Version, run: () => T): T;
  forget(uri: string): void;
}

export function costMeter(now: () => number = Date.now): Costs {
  // the smaller of the last two: one alone may have met a busy moment, and the first meets code that is not compiled yet
  const last = { anew: new Map<string, readonly number[]>(), continued: new Map<string, readonly number[]>() };
  const costsOf = ({ isContinued }: Version) => (isContinued ? last.continued : last.anew);
  return {
    waitFor: (version) => waitForCost(Math.min(...(costsOf(version).get(version.uri) ?? [0]))),
    measure(version, run) {
      const from = now();
      const result = run();
      const costs = costsOf(version);
      costs.set(version.uri, [...(costs.get(version.uri) ?? []).slice(-1), now() - from]);
      return result;
    },
    forget(uri) {
      last.anew.delete(uri);
      last.continued.delete(uri);
    },
  };
}

/** How long to wait before a computation that takes `costMs`. */
export function waitForCost(costMs: number): number {
  return costMs < CHEAP_MS ? 0 : Math.min(LONGEST_WAIT_MS, costMs * WAIT_BY_COST);
}
