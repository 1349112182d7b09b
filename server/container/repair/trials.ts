import type { Policy } from '../../src/policy/policy.ts';
import { refusals } from '../../src/policy/refuse.ts';
import type { Target } from '../../src/policy/target.ts';
import { parseProfile } from '../../src/profile/build.ts';
import { policyOfText } from '../../src/repair/change.ts';
import { Stopped } from '../bench.ts';
import { hazardOf } from '../hazard.ts';
import { parseJson } from '../json.ts';
import type { TestHost } from '../request.ts';
import { containerTarget } from '../target.ts';
import { commandCriterion, startCriterion } from './command.ts';
import type { Attempt, Criterion } from './criterion.ts';
import { type Laboratory, LimitReached, laboratory } from './laboratory.ts';
import type { Edited, Failed, SearchReport } from './report.ts';
import { DEFAULT_MAX_RUNS, DEFAULT_SEARCH_LIMIT_MS, type SearchRequest } from './request.ts';
import { type Obstacle, onStand, type Stand } from './stand.ts';

/** What a search works with, once something is known to pass without the profile. */
export interface Trials {
  readonly lab: Laboratory;
  readonly target: Target;
  readonly before: Policy;
  /** False where it has failed without a profile before it passed. */
  readonly steady: boolean;
  /** Tries an edit. The best one that passed is remembered. */
  attempt(edited: Edited): Promise<Attempt>;
}

type IsBetter = (one: Edited, other: Edited) => boolean;

/** Sets up, makes sure that the profile is what matters, and searches. Never rejects. */
export async function searchFor<T extends { readonly kind: string }>(
  request: SearchRequest,
  host: TestHost,
  isBetter: IsBetter,
  search: (trials: Trials) => Promise<T>,
): Promise<SearchReport<T>> {
  const facts = { label: '', runs: 0 } as { label: string; runs: number; bareMs?: number };
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
      return await search({ ...ready, lab, steady: free.steady, attempt });
    } catch (error) {
      const why = whyEnded(error, host);
      if (!why) throw error;
      return { kind: 'ended-early', why, ...best() };
    }
  });
  return { ...report, ...facts } as SearchReport<T>;
}

type Ready = Pick<Trials, 'target' | 'before'> & { readonly criterion: Criterion };

async function setUp(stand: Stand, request: SearchRequest): Promise<Ready | Failed | Obstacle> {
  const { engine } = stand.bench;
  const target = containerTarget(engine, request.options ?? []);
  const before = loaded(request.profile, target);
  if (typeof before === 'string') return { kind: 'not-a-profile', message: before };
  if (!engine.seccomp) return failed('This engine cannot filter syscalls.', '');
  const criterion = await criterionOf(stand, request);
  if (typeof criterion === 'string') return failed('What has to pass could not be set up.', criterion);
  return { target, before, criterion };
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
function loaded(text: string, target: Target): Policy | string {
  if (parseJson(text) === undefined) return 'The profile is no valid JSON. Fix that first.';
  const hazard = hazardOf(text);
  if (hazard) return hazard;
  const { profile } = parseProfile(text);
  const refusal = profile && refusals(profile, target)[0];
  if (refusal) return refusal.message;
  return policyOfText(text, target) ?? 'This is no seccomp profile with a valid `defaultAction`.';
}

/** Yields what the engine said when it does not take the image. */
async function criterionOf(stand: Stand, request: SearchRequest): Promise<Criterion | string> {
  const { criterion, image, command = [], expect } = request;
  if (criterion) return criterion(stand);
  return image ? commandCriterion(stand, image, command, expect) : startCriterion(stand);
}
