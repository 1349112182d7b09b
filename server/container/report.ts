import type { Ran, Stopped } from './bench.ts';
import type { Cleanup } from './cleanup.ts';
import type { Tried } from './compare.ts';
import type { Engine } from './engine.ts';
import type { EngineProblem } from './engine-problem.ts';
import type { Result } from './measure.ts';
import type { Probe } from './probe/calls.ts';
import type { TestRequest } from './request.ts';

/** What came of a test. */
export interface Report {
  readonly outcome: Outcome;
  readonly request: TestRequest;
  /** Value of the label on all that the test made. */
  readonly runId: string;
  /** Absent when none was found or none was needed. */
  readonly engine?: Engine;
  readonly durationMs: number;
  /** Absent when nothing was made. */
  readonly cleanup?: Cleanup;
}

export type Outcome =
  /** Containers start under the profile. */
  | { readonly kind: 'ran'; readonly probe: ProbeReport; readonly program?: ProgramReport }
  | NotStarted
  /** No engine answers. */
  | { readonly kind: 'no-engine'; readonly problems: readonly EngineProblem[] }
  /** The profile would do harm to the engine. */
  | { readonly kind: 'not-tried'; readonly message: string }
  | {
      readonly kind: 'timeout';
      readonly limitMs: number;
      readonly container: Stopped['container'];
      readonly output: string;
    }
  | { readonly kind: 'cancelled' }
  /** Something other than the profile is at fault. */
  | { readonly kind: 'failed'; readonly message: string; readonly raw: string };

/** The engine refused the profile, or the container ended before its program was started. */
export interface NotStarted {
  readonly kind: 'not-started';
  /** The engine's message without its wrapping. */
  readonly message: string;
  /** The engine's message as it came. */
  readonly raw: string;
  /** What in the profile leads to it, where that is known. */
  readonly cause?: string;
  /** As written the profile would make the engine wait for ever; it was tried with `SCMP_ACT_KILL_PROCESS` instead. */
  readonly wouldHang?: boolean;
}

/** A call that one of the runs did not reach. */
export interface Untried {
  readonly probe: Probe;
  readonly inCopy?: Result | undefined;
}

/** What the probe program found. */
export interface ProbeReport {
  /** Whether the program ran under a filter at all. */
  readonly filtered: boolean;
  readonly tried: readonly Tried[];
  readonly untried: readonly Untried[];
  /** What the engine said where no container started under the copy of the profile. */
  readonly copyRefused?: string;
  readonly exitCode: number;
  /** The program could not write its results. */
  readonly mute: boolean;
  /** Containers that it took under the profile. */
  readonly runs: number;
  /** Milliseconds of the first of them. */
  readonly durationMs: number;
}

/** How the user's program fared. */
export interface ProgramReport {
  readonly image: string;
  readonly command: readonly string[];
  readonly underProfile: ProgramRun;
  readonly unconfined: ProgramRun;
}

export type ProgramRun =
  | Extract<Ran, { kind: 'ended' }>
  | { readonly kind: 'refused'; readonly message: string; readonly raw: string; readonly cause?: string };
