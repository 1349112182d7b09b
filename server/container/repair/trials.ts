import { whyNotInPlace } from '../../src/policy/as-read.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { refusals } from '../../src/policy/refuse.ts';
import type { Target } from '../../src/policy/target.ts';
import { parseProfile } from '../../src/profile/build.ts';
import { policiesOfText } from '../../src/repair/change.ts';
import { Stopped } from '../bench.ts';
import type { Engine } from '../engine.ts';
import { hazardOf } from '../hazard.ts';
import { parseJson } from '../json.ts';
import type { TestHost } from '../request.ts';
import { containerTarget } from '../target.ts';
import { commandCriterion, startCriterion } from './command.ts';
import type { Attempt, Criterion } from './criterion.ts';
import { type Laboratory, LimitReached, laboratory } from './laboratory.ts';
import { recordFirst, type Seen, seenBy } from './recording.ts';
import type { Edited, Failed, SearchRecording, SearchReport } from './report.ts';
import { DEFAULT_MAX_RUNS, DEFAULT_SEARCH_LIMIT_MS, type SearchRequest } from './request.ts';
import { type Obstacle, onStand, type Stand } from './stand.ts';

/** What a search works with, once something is known to pass without the profile. */
export interface Trials {
  readonly lab: Laboratory;
  /** What the containers are: several where their options make different filters of the profile. */
  readonly targets: readonly Target[];
  /** The profile for each of them. */
  readonly before: readonly Policy[];
  /** False where it has failed without a profile before it passed. */
  readonly steady: boolean;
  /** Tries an edit. The best one that passed is remembered. */
  attempt(edited: Edited): Promise<Attempt>;
  /** What the program was seen to make: given, or recorded now where that is possible. */
  seen(): Promise<Seen>;
}

type IsBetter = (one: Edited, other: Edited) => boolean;

/** Sets up, makes sure that the profile is what matters, and searches. Never rejects. */
export async function searchFor<T extends { readonly kind: string }>(
  request: SearchRequest,
  host: TestHost,
  isBetter: IsBetter,
  search: (trials: Trials) => Promise<T>,
): Promise<SearchReport<T>> {
  const facts: Facts = { label: '', runs: 0 };
  const { timeLimitMs = DEFAULT_SEARCH_LIMIT_MS, maxRuns = DEFAULT_MAX_RUNS } = request;
  const report = await onStand<T | Failed | Obstacle>({ ...request, timeLimitMs }, host, async (stand) => {
    const ready = await setUp(stand, request);
    if ('kind' in ready) return ready;
    const { label } = ready.criterion;
    facts.label = label;
    const onRun = (number: number): void => {
      facts.runs = number;
      host.progress?.(`Run ${number}: ${label}`);
    };
    const lab = laboratory(stand, ready.criterion, { maxRuns, onRun });
    const { attempt, best } = keepingBest(lab, isBetter);
    try {
      const free = await withoutProfile(lab);
      facts.bareMs = free.attempt.durationMs;
      if (!free.attempt.passed) return { kind: 'not-seccomp', attempt: free.attempt };
      const seen = async (): Promise<Seen> => {
        facts.recording = await recordFirst(stand, request, ready.criterion, free.attempt.durationMs, host);
        return seenBy(request, facts.recording);
      };
      return await search({ ...ready, lab, steady: free.steady, attempt, seen });
    } catch (error) {
      const why = whyEnded(error, host);
      if (!why) throw error;
      return { kind: 'ended-early', why, ...best() };
    }
  });
  return { ...report, ...facts } as SearchReport<T>;
}

/** What is known of a search whatever comes of it. */
interface Facts {
  label: string;
  runs: number;
  bareMs?: number;
  recording?: SearchRecording | undefined;
}

type Ready = Pick<Trials, 'targets' | 'before'> & { readonly criterion: Criterion };

async function setUp(stand: Stand, request: SearchRequest): Promise<Ready | Failed | Obstacle> {
  const { engine } = stand.bench;
  const targets = targetsOf(engine, request);
  const before = loaded(request.profile, targets);
  if (typeof before === 'string') return { kind: 'not-a-profile', message: before };
  if (!engine.seccomp) return failed('This engine cannot filter syscalls.', '');
  const criterion = await criterionOf(stand, request);
  if (typeof criterion === 'string') return failed('What has to pass could not be set up.', criterion);
  return { targets, before, criterion };
}

/** One for each filter that the profile becomes in containers of the request. */
function targetsOf(engine: Engine, { options = [], variants = [[]] }: SearchRequest): readonly Target[] {
  const all = variants.map((variant) => containerTarget(engine, [...options, ...variant]));
  const key = ({ capabilities, noNewPrivileges }: Target) => [...capabilities].sort().join(' ') + noNewPrivileges;
  return [...new Map(all.map((target) => [key(target), target])).values()];
}

const failed = (message: string, raw: string): Obstacle => ({ kind: 'failed', message, raw });

/** A program that fails once may still do better. */
async function withoutProfile(lab: Laboratory): Promise<{ readonly attempt: Attempt; readonly steady: boolean }> {
  const first = await lab.unconfined();
  if (first.passed) return { attempt: first, steady: true };
  return { attempt: await lab.unconfined(), steady: false };
}

function whyEnded(error: unknown, { signal }: TestHost): 'runs' | 'time' | 'cancelled' | undefined {
  if (error instanceof LimitReached) return 'runs';
  if (!(error instanceof Stopped)) return undefined;
  return signal?.aborted ? 'cancelled' : 'time';
}

function keepingBest(lab: Laboratory, isBetter: IsBetter) {
  let best: Edited | undefined;
  const attempt = async (edited: Edited): Promise<Attempt> => {
    const tried = await lab.profile(edited.text);
    if (tried.passed && (!best || isBetter(edited, best))) best = edited;
    return tried;
  };
  return { attempt, best: () => best && { best } };
}

/** What the profile means on the engine, or why it is not loaded. */
function loaded(text: string, targets: readonly Target[]): readonly Policy[] | string {
  if (parseJson(text) === undefined) return 'The profile is no valid JSON. Fix that first.';
  const hazard = hazardOf(text);
  if (hazard) return hazard;
  const { profile } = parseProfile(text);
  const [refusal] = profile ? targets.flatMap((target) => refusals(profile, target)) : [];
  if (refusal) return refusal.message;
  const [mixed] = profile ? targets.flatMap((target) => whyNotInPlace(profile, target) ?? []) : [];
  if (mixed) return mixed;
  return policiesOfText(text, targets) ?? 'This is no seccomp profile with a valid `defaultAction`.';
}

/** Yields what the engine said when it does not take the image. */
async function criterionOf(stand: Stand, request: SearchRequest): Promise<Criterion | string> {
  const { criterion, image, command = [], expect } = request;
  if (criterion) return criterion(stand);
  return image ? commandCriterion(stand, image, command, expect) : startCriterion(stand);
}
