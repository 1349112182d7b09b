import type { Limits } from './commands.ts';
import type { Engine, EngineSettings } from './engine.ts';
import type { Execute } from './execute.ts';
import type { Probe } from './probe/calls.ts';
import type { ProbeArch } from './probe/layout.ts';

/** A profile to test, and how. */
export interface TestRequest {
  readonly profile: {
    /** The profile as it is to be tested, saved or not. */
    readonly text: string;
    /** Its file, for the line that repeats the test by hand. */
    readonly path?: string;
  };
  readonly engine: EngineSettings;
  /** What to try on the engine, for its architecture. */
  readonly plan: (engine: Engine, arch: ProbeArch) => Plan;
  /** A program of the user's to run as well; it must be on the engine already. */
  readonly image?: string | undefined;
  /** Program and arguments in the image; the image's own when empty. */
  readonly command?: readonly string[];
  /** Further options of `docker create` for every container. */
  readonly options?: readonly string[];
  /** Milliseconds for the whole test; 60 000 when absent. */
  readonly timeLimitMs?: number;
  readonly limits?: Limits;
}

/** What to try. */
export interface Plan {
  readonly probes: readonly Probe[];
  /** A profile under which the same is tried once more, to see which rule of the other decides. */
  readonly copy?: string | undefined;
}

/** What a test needs of those who start it. */
export interface TestHost {
  /** Cancels the test. */
  readonly signal?: AbortSignal;
  /** Told in a few words what is being done. */
  readonly progress?: (message: string) => void;
  /** Runs the engine's program; child processes of this one when absent. */
  readonly execute?: Execute;
}

export const DEFAULT_LIMITS: Limits = { memory: '256m', pids: 1024 };
export const DEFAULT_TIME_LIMIT_MS = 60_000;
