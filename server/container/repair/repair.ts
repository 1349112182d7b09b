import { type Policy, verdictOf } from '../../src/policy/policy.ts';
import { startupNeeds } from '../../src/policy/startup.ts';
import { denied } from '../../src/repair/candidates.ts';
import { changeBetween, policiesOfText } from '../../src/repair/change.ts';
import type { Clues } from '../../src/repair/clues.ts';
import { allowSyscalls, forAll } from '../../src/repair/edit.ts';
import { findNeeds, type Needs } from '../../src/repair/needs.ts';
import { riskIn } from '../../src/repair/risk.ts';
import { trialsSaved } from '../../src/repair/saved.ts';
import type { Candidate } from '../../src/repair/search.ts';
import { killingProcesses } from '../hazard.ts';
import type { TestHost } from '../request.ts';
import type { Attempt } from './criterion.ts';
import type { Laboratory } from './laboratory.ts';
import { narrow } from './narrow.ts';
import type { Edited, Repaired, RepairOutcome, RepairReport } from './report.ts';
import type { SearchRequest } from './request.ts';
import { searchFor, type Trials } from './trials.ts';

/**
 * Finds the smallest set of syscalls to allow so that a command passes under a profile, by running it again and again with
 * parts of what the profile denies allowed; of several such sets one with the least danger. Needs no privileges. Never rejects;
 * removes what it made.
 */
export function repairProfile(request: SearchRequest, host: TestHost = {}): Promise<RepairReport> {
  const fewer = (one: Edited, other: Edited) => one.names.length < other.names.length;
  return searchFor<RepairOutcome>(request, host, fewer, (trials) => repair(request, trials));
}

async function repair(request: SearchRequest, trials: Trials): Promise<RepairOutcome> {
  const { lab, before, targets, attempt, steady } = trials;
  const first = await firstFailure(lab, request.profile);
  if (!first) return { kind: 'passes-already' };
  const texts = [...(request.command ?? []), first.output];
  const seen = await trials.seen();
  const ordered = (clues: Clues): readonly Candidate[] =>
    allowable(request, trials, denied(before, clues, first.started));
  const candidates = ordered({ texts, ...seen });
  const edited = (names: readonly string[]): Edited => ({
    names,
    text: forAll(request.profile, targets, (text, target) => allowSyscalls(text, names, target)),
  });
  const all = edited(candidates.map(({ name }) => name));
  const withAll = await attempt(all);
  if (!withAll.passed && !(await attempt(all)).passed) return { kind: 'not-by-allowing', attempt: withAll };
  const needs = await findNeeds(candidates, async (names) => (await attempt(edited(names))).passed, {
    recheck: true,
    steady: steady && withAll.passed,
  });
  if (needs.names.length === 0) return { kind: 'unsteady', confirmed: needs.confirmed };
  const result = await repaired(request, trials, needs);
  if (!seen.recorded) return result;
  const saved = await trialsSaved(candidates, ordered({ texts, hints: [] }), needs.names);
  return { ...result, saved: saved - seen.containers };
}

/** A profile under which something passes three times needs no repair. */
async function firstFailure(lab: Laboratory, text: string): Promise<Attempt | undefined> {
  for (let i = 0; i < 3; i++) {
    const attempt = await lab.profile(text);
    if (!attempt.passed) return attempt;
  }
  return undefined;
}

/** Leaves out what no edit of the text can allow, and what must not be allowed. */
function allowable(
  { profile, avoid = [] }: SearchRequest,
  { targets }: Trials,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const names = candidates.map(({ name }) => name);
  const text = forAll(profile, targets, (sum, target) => allowSyscalls(sum, names, target));
  const after = policiesOfText(text, targets) ?? [];
  const isAllowed = (name: string): boolean => after.every((policy) => verdictOf(policy, name)?.kind === 'allowed');
  return candidates.filter(({ name }) => isAllowed(name) && !avoid.includes(name));
}

/** What the runtime makes now and then to start a container. */
const deniedNowAndThen = (policy: Policy): readonly string[] =>
  startupNeeds(policy).sometimes.filter((name) => verdictOf(policy, name)?.kind === 'denied');

async function repaired({ profile }: SearchRequest, trials: Trials, needs: Needs): Promise<Repaired> {
  const { lab, before, targets } = trials;
  const { edited, narrowed } = await narrow(profile, needs.names, trials);
  const isNarrowed = (name: string): boolean => narrowed.some((one) => one.name === name);
  const after = policiesOfText(edited.text, targets)!;
  const exact = killingProcesses(edited.text) === edited.text ? undefined : await lab.profile(edited.text, 'exactly');
  return {
    kind: 'repaired',
    ...edited,
    needs,
    risks: edited.names.map((name) => riskIn(before, name)),
    change: changeBetween(before, after, edited.names, (name, kind) =>
      isNarrowed(name) ? kind !== 'denied' : kind === 'allowed',
    ),
    narrowed,
    startup: [...new Set(after.flatMap(deniedNowAndThen))],
    ...(exact && { exact }),
  };
}
