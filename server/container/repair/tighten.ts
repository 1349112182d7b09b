import { permits } from '../../src/policy/resolve.ts';
import { droppable } from '../../src/repair/candidates.ts';
import { changeBetween, policyOfText } from '../../src/repair/change.ts';
import { dropSyscalls } from '../../src/repair/edit.ts';
import { findNeeds } from '../../src/repair/needs.ts';
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
  const { profile, command = [], hints = [] } = request;
  const { lab, before, target, steady } = trials;
  if (permits(before.resolved.default!)) return { kind: 'no-allow-list' };
  const first = await lab.profile(profile);
  const attempt = first.passed ? first : await lab.profile(profile);
  if (!attempt.passed) return { kind: 'fails-already', attempt };
  const { candidates, startup, foreign } = droppable(before, { texts: command, hints });
  const without = (kept: readonly string[]): Edited => {
    const keep = new Set(kept);
    const names = candidates.map(({ name }) => name).filter((name) => !keep.has(name));
    return { names, text: dropSyscalls(profile, names, target) };
  };
  const needs = await findNeeds(candidates, async (kept) => (await trials.attempt(without(kept))).passed, {
    recheck: false,
    steady: steady && first.passed,
  });
  const edited = without(needs.names);
  const exact = killingProcesses(edited.text) === edited.text ? undefined : await lab.profile(edited.text, 'exactly');
  const change = changeBetween(before, policyOfText(edited.text, target)!, edited.names, () => 'denied');
  return { kind: 'tightened', ...edited, needs, change, startup, foreign, ...(exact && { exact }) };
}
