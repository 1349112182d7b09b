import { verdictOf } from '../../src/policy/policy.ts';
import { startupNeeds } from '../../src/policy/startup.ts';
import { denied } from '../../src/repair/candidates.ts';
import { changeBetween, policyOfText } from '../../src/repair/change.ts';
import { allowSyscalls } from '../../src/repair/edit.ts';
import { findNeeds, type Needs } from '../../src/repair/needs.ts';
import { riskOf } from '../../src/repair/risk.ts';
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
  const { lab, before, target, attempt, steady } = trials;
  const first = await firstFailure(lab, request.profile);
  if (!first) return { kind: 'passes-already' };
  const texts = [...(request.command ?? []), first.output];
  const candidates = allowable(request, trials, denied(before, { texts, hints: request.hints ?? [] }, first.started));
  const edited = (names: readonly string[]): Edited => ({
    names,
    text: allowSyscalls(request.profile, names, target),
  });
  const all = edited(candidates.map(({ name }) => name));
  const withAll = await attempt(all);
  if (!withAll.passed && !(await attempt(all)).passed) return { kind: 'not-by-allowing', attempt: withAll };
  const needs = await findNeeds(candidates, async (names) => (await attempt(edited(names))).passed, {
    recheck: true,
    steady: steady && withAll.passed,
  });
  if (needs.names.length === 0) return { kind: 'unsteady', confirmed: needs.confirmed };
  return repaired(request, trials, needs);
}

/** A profile under which something passes three times needs no repair. */
async function firstFailure(lab: Laboratory, text: string): Promise<Attempt | undefined> {
  for (let i = 0; i < 3; i++) {
    const attempt = await lab.profile(text);
    if (!attempt.passed) return attempt;
  }
  return undefined;
}

/** Leaves out what no edit of the text can allow. */
function allowable<T extends { readonly name: string }>(
  { profile }: SearchRequest,
  { target }: Trials,
  candidates: readonly T[],
): readonly T[] {
  const names = candidates.map(({ name }) => name);
  const after = policyOfText(allowSyscalls(profile, names, target), target);
  return candidates.filter(({ name }) => after && verdictOf(after, name)?.kind === 'allowed');
}

async function repaired({ profile }: SearchRequest, trials: Trials, needs: Needs): Promise<Repaired> {
  const { lab, before, target } = trials;
  const { edited, narrowed } = await narrow(profile, needs.names, trials);
  const isNarrowed = (name: string): boolean => narrowed.some((one) => one.name === name);
  const after = policyOfText(edited.text, target)!;
  const exact = killingProcesses(edited.text) === edited.text ? undefined : await lab.profile(edited.text, 'exactly');
  return {
    kind: 'repaired',
    ...edited,
    needs,
    risks: edited.names.map((name) => riskOf(before, name)),
    change: changeBetween(before, after, edited.names, (name) => (isNarrowed(name) ? 'conditional' : 'allowed')),
    narrowed,
    startup: startupNeeds(after).sometimes.filter((name) => verdictOf(after, name)?.kind === 'denied'),
    ...(exact && { exact }),
  };
}
