import type { CaseProblem, CasesDocument } from '../../src/cases/model.ts';
import type { Cleanup } from '../cleanup.ts';
import type { Limits } from '../commands.ts';
import type { Engine, EngineSettings } from '../engine.ts';
import type { Execute } from '../execute.ts';
import type { CaseFailure } from './judge.ts';

/** Cases to run, and what they are about. */
export interface CasesRequest {
  /** Path of the file of test cases: mounts are relative to it. */
  readonly file: string;
  readonly document: CasesDocument;
  /** What is wrong in it: a case with an error is not run. */
  readonly problems: readonly CaseProblem[];
  /** Positions of the cases to run. */
  readonly wanted: readonly number[];
  /** Folders that mounts may come from; the file's own when empty. */
  readonly folders: readonly string[];
  readonly profile: { readonly path: string; readonly text: string };
  readonly engine: EngineSettings;
  /** Further options of `docker create` for every container. */
  readonly options?: readonly string[];
  readonly limits?: Limits;
}

/** What a run of cases needs of those who start it. */
export interface CasesHost {
  readonly signal?: AbortSignal;
  readonly execute?: Execute;
  /** A case begins. */
  readonly started?: (index: number) => void;
  /** A case has ended. */
  readonly ended?: (result: CaseResult) => void;
}

export interface CaseResult {
  /** Position in the file. */
  readonly index: number;
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'errored' | 'cancelled';
  /** With `failed`. */
  readonly failures: readonly CaseFailure[];
  /** With `errored`: why it could not be run, and what to do. */
  readonly message?: string;
  /** What is worth knowing of a case whatever came of it. */
  readonly notes: readonly string[];
  /** What the program wrote under the profile. */
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** What could not be removed after a run, in a sentence; undefined where nothing is left. */
export function leftInWords({ cleanup }: CasesReport): string | undefined {
  const left = cleanup?.left.map(({ thing, id }) => `${thing} ${id}`) ?? [];
  if (left.length === 0) return undefined;
  return `Not removed, because the engine did not do it in time: ${left.join(', ')}. The next run tries again.`;
}

/** What came of a run. */
export interface CasesReport {
  readonly results: readonly CaseResult[];
  /** Absent when none was found. */
  readonly engine?: Engine;
  /** Absent when nothing was made. */
  readonly cleanup?: Cleanup;
  readonly durationMs: number;
}
