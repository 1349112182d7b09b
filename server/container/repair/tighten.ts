import { verdictOf } from '../../src/policy/policy.ts';
import { permits } from '../../src/policy/resolve.ts';
import { droppable } from '../../src/repair/candidates.ts';
import { changeBetween, policiesOfText } from '../../src/repair/change.ts';
import type { Clues } from '../../src/repair/clues.ts';
import { dropSyscalls, forAll } from '../../src/repair/edit.ts';
import { findNeeds } from '../../src/repair/needs.ts';
import { trialsSaved } from '../../src/repair/saved.ts';
import { killingProcesses } from '../hazard.ts';
import type { TestHost } from '../request.ts';
import type { Edited, TightenOutcome, TightenReport } from './report.ts';
import type { SearchRequest } from './request.ts';
import { searchFor, type Trials } from './trials.ts';

/**
 * Drops from an allow-list what a command does not need, as {@link repairProfile} finds what one needs. What containers need to
 * start stays, and so does what only other architectures have. Never rejects; removes what it made.
 */
export function tightenProfile(request: SearchRequest, host: TestHost = {}): Promise<TightenReport> {
  const more = (one: Edited, other: Edited) => one.names.length > other.names.length;
  return searchFor<TightenOutcome>(request, host, more, (trials) => tighten(request, trials));
}

async function tighten(request: SearchRequest, trials: Trials): Promise<TightenOutcome> {
  const { profile, command = [], keep = [] } = request;
  const { lab, before, targets, steady } = trials;
  if (permits(before[0]!.resolved.default!)) return { kind: 'no-allow-list' };
  const first = await lab.profile(profile);
  const attempt = first.passed ? first : await lab.profile(profile);
  if (!attempt.passed) return { kind: 'fails-already', attempt };
  const seen = await trials.seen();
  const sorted = (clues: Clues) => {
    const { candidates, ...kept } = droppable(before, clues);
    return { ...kept, candidates: candidates.filter(({ name }) => !keep.includes(name)) };
  };
  const { candidates, startup, foreign } = sorted({ texts: command, ...seen });
  const without = (needed: readonly string[]): Edited => {
    const stay = new Set(needed);
    const names = candidates.map(({ name }) => name).filter((name) => !stay.has(name));
    return { names, text: forAll(profile, targets, (text, target) => dropSyscalls(text, names, target)) };
  };
  const needs = await findNeeds(candidates, async (kept) => (await trials.attempt(without(kept))).passed, {
    recheck: false,
    steady: steady && first.passed,
  });
  const edited = without(needs.names);
  const exact = killingProcesses(edited.text) === edited.text ? undefined : await lab.profile(edited.text, 'exactly');
  const after = policiesOfText(edited.text, targets)!;
  const unhinted = (): typeof candidates => sorted({ texts: command, hints: [] }).candidates;
  const saved = seen.recorded && (await trialsSaved(candidates, unhinted(), needs.names)) - seen.containers;
  return {
    kind: 'tightened',
    ...edited,
    needs,
    change: changeBetween(before, after, edited.names, (_name, kind) => kind === 'denied'),
    expected: [...new Set(keep)].filter((name) => after.some((policy) => verdictOf(policy, name)?.kind !== 'denied')),
    startup,
    foreign,
    ...(typeof saved === 'number' && { saved }),
    ...(exact && { exact }),
  };
}
