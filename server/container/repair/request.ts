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
  /**
   * Options by which the containers of a criterion differ, one list for each kind: capabilities among them decide what filter the
   * profile becomes, and the result holds for all of these filters.
   */
  readonly variants?: readonly (readonly string[])[];
  /** Syscalls that a repair must not allow. */
  readonly avoid?: readonly string[];
  /** Syscalls that a tightening must not drop. */
  readonly keep?: readonly string[];
  /** Syscalls that the program was seen to make: they are tried first, and nothing is recorded. */
  readonly hints?: readonly string[];
  /** Whether the program is recorded first where that is possible, so that fewer tries do; true when absent. */
  readonly record?: boolean;
  /** Milliseconds for everything; ten minutes when absent. */
  readonly timeLimitMs?: number;
  /** Tries in all; 200 when absent. */
  readonly maxRuns?: number;
}

export const DEFAULT_SEARCH_LIMIT_MS = 600_000;
export const DEFAULT_MAX_RUNS = 200;
