import type { Change } from '../../src/repair/change.ts';
import type { ForbiddenFlag } from '../../src/repair/narrow.ts';
import type { Needs, Ratio } from '../../src/repair/needs.ts';
import type { Risk } from '../../src/repair/risk.ts';
import type { Attempt } from './criterion.ts';
import type { Obstacle, StandReport } from './stand.ts';

/** What came of a repair or of a tightening. */
export interface SearchReport<T> extends StandReport<T | Failed> {
  /** What had to pass. */
  readonly label: string;
  /** Tries that were made: a container, or one for each test case. */
  readonly runs: number;
  /** How the program was recorded first; absent where that was not tried. */
  readonly recording?: SearchRecording | undefined;
  /** Milliseconds that the first container took, which ran without a profile: the measure for all. */
  readonly bareMs?: number;
}

/** A recording that shows a search where to look. */
export type SearchRecording =
  | {
      readonly kind: 'recorded';
      /** What traced the program, in words. */
      readonly way: string;
      /** Syscalls that it was seen to make. */
      readonly names: readonly string[];
      /** Containers that it took. */
      readonly containers: number;
    }
  /** Why there is none, in a sentence or two. */
  | { readonly kind: 'missing'; readonly why: string };

/** Why there is nothing to change, for a repair and a tightening alike. */
export type Failed =
  /** The engine would not load the profile, whatever it allows. */
  | { readonly kind: 'not-a-profile'; readonly message: string }
  /** It fails without a profile too. */
  | { readonly kind: 'not-seccomp'; readonly attempt: Attempt }
  /** The search was ended; `best` is the best text that passed once, if any did. */
  | { readonly kind: 'ended-early'; readonly why: 'runs' | 'time' | 'cancelled'; readonly best?: Edited };

/** A text that passes, and what it changes. */
export interface Edited {
  readonly text: string;
  /** Syscalls that it allows, or drops. */
  readonly names: readonly string[];
}

export type RepairOutcome =
  /** It passes with the profile as it is. */
  | { readonly kind: 'passes-already' }
  /** It fails though every syscall is allowed that can be. */
  | { readonly kind: 'not-by-allowing'; readonly attempt: Attempt }
  /** It failed, and passed with nothing changed later on. */
  | { readonly kind: 'unsteady'; readonly confirmed: Ratio }
  | Repaired;

export interface Repaired extends Edited {
  readonly kind: 'repaired';
  readonly needs: Needs;
  /** Tries that the recording saved, less the containers that it took; absent where there was none. */
  readonly saved?: number;
  /** Of each syscall, in the order of {@link Edited.names}. */
  readonly risks: readonly Risk[];
  readonly change: Change;
  /** Those of {@link Edited.names} of whose condition only some flags are given up. */
  readonly narrowed: readonly Narrowed[];
  /** Denied still, though the runtime makes them now and then to start a container. */
  readonly startup: readonly string[];
  /** How the profile fared in the end to the letter, where the trials had to be made with a gentler action. */
  readonly exact?: Attempt;
}

/** A syscall that is allowed with more flags than before, and not with all. */
export interface Narrowed {
  readonly name: string;
  readonly flags: readonly ForbiddenFlag[];
}

export type TightenOutcome =
  /** It does not pass with the profile as it is. */
  | { readonly kind: 'fails-already'; readonly attempt: Attempt }
  /** The default permits, so there is no list to drop from. */
  | { readonly kind: 'no-allow-list' }
  | Tightened;

export interface Tightened extends Edited {
  readonly kind: 'tightened';
  readonly needs: Needs;
  /** Tries that the recording saved, less the containers that it took; absent where there was none. */
  readonly saved?: number;
  readonly change: Change;
  /** Kept because a test case says that they are allowed. */
  readonly expected: readonly string[];
  /** Kept because containers need them to start. */
  readonly startup: readonly string[];
  /** Kept because they can be measured on other architectures only. */
  readonly foreign: readonly string[];
  readonly exact?: Attempt;
}

export type RepairReport = SearchReport<RepairOutcome>;
export type TightenReport = SearchReport<TightenOutcome>;
export type { Obstacle };
