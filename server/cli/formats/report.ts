import type { Reported } from '../../src/checks/analyse.ts';
import type { Severity } from '../../src/checks/check.ts';
import type { Place } from '../places.ts';

/** A finding with its place. */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly place: Place;
  /** `--fix` mends it. */
  readonly fixable: boolean;
  readonly check: Reported['check'];
}

/** What was found in one file. */
export interface FileReport {
  readonly file: string;
  readonly problems: readonly Problem[];
}

/** Most severe first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint'];
