import type { Cleanup } from '../cleanup.ts';
import type { Limits } from '../commands.ts';
import type { Engine, EngineSettings } from '../engine.ts';
import type { EngineProblem } from '../engine-problem.ts';

/** A command to run in a container while its calls are recorded. */
export interface RecordRequest {
  readonly engine: EngineSettings;
  /** It must be on the engine already. */
  readonly image: string;
  /** Arguments behind the image's entry point, as of `docker run`; the image's own when empty. */
  readonly command: readonly string[];
  /** Further options of `docker create`. */
  readonly options?: readonly string[];
  /** `none` when absent. */
  readonly network?: 'none' | 'bridge';
  readonly limits?: Limits;
  /** Milliseconds that the command may run; 60 000 when absent. What was recorded until then counts. */
  readonly timeLimitMs?: number;
}

/** How the command was recorded. */
export interface RecordedRun<T> {
  readonly kind: 'recorded';
  readonly engine: Engine;
  /** What traced it, in words. */
  readonly way: string;
  /** Program and arguments that ran. */
  readonly command: readonly string[];
  /** What ended it: itself, the time limit, the user, or too much output. */
  readonly end: 'exit' | 'limit' | 'stopped' | 'flood';
  /** The program's exit status; of no meaning unless it ended itself. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What the caller made of the trace. */
  readonly value: T;
  readonly cleanup: Cleanup;
}

export type RecordOutcome<T> =
  | RecordedRun<T>
  | { readonly kind: 'no-engine'; readonly problems: readonly EngineProblem[] }
  /** The user cancelled before the command ran. */
  | { readonly kind: 'cancelled' }
  /** Nothing was recorded: what was missing or went wrong, and what the engine said. */
  | { readonly kind: 'failed'; readonly message: string; readonly raw: string };
