import type { Expectation } from './command.ts';
import type { Criterion } from './criterion.ts';
import type { Stand, StandRequest } from './stand.ts';

/** A profile to change until something passes. */
export interface SearchRequest extends Omit<StandRequest, 'timeLimitMs'> {
  readonly profile: string;
  /** The image to run, which must be on the engine already; without one, a container merely has to start. */
  readonly image?: string | undefined;
  /** Program and arguments in the image; the image's own when empty. */
  readonly command?: readonly string[];
  readonly expect?: Expectation;
  /** What has to pass in the place of a command. Yields what the engine said when it cannot be set up. */
  readonly criterion?: (stand: Stand) => Promise<Criterion | string>;
  /** Syscalls that a recording of the program saw: they are tried first. */
  readonly hints?: readonly string[];
  /** Milliseconds for everything; ten minutes when absent. */
  readonly timeLimitMs?: number;
  /** Containers in all; 200 when absent. */
  readonly maxRuns?: number;
}

export const DEFAULT_SEARCH_LIMIT_MS = 600_000;
export const DEFAULT_MAX_RUNS = 200;
