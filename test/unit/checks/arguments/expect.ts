import assert from 'node:assert/strict';
import type { Reported } from '../../../../server/src/checks/analyse.ts';
import type { Check } from '../../../../server/src/checks/check.ts';
import type { Target } from '../../../../server/src/policy/target.ts';
import { findingsOf, picture } from '../harness.ts';

/** Asserts what one check underlines: `severity "text"` for each finding. Answers the findings. */
export function expectOf(
  check: Check,
  text: string,
  expected: readonly string[],
  target: Partial<Target> = {},
): readonly Reported[] {
  const found = findingsOf(check, text, target);
  const shown = found.map((f) => `${f.severity} ${text.slice(f.span.start, f.span.end)}`);
  assert.deepEqual(shown, expected, picture(text, found));
  return found;
}

/** Asserts that a check says nothing. */
export function expectSilence(check: Check, text: string, target: Partial<Target> = {}): void {
  expectOf(check, text, [], target);
}

/** The titles of the fixes of a check's first finding; safe ones carry a star. */
export function fixTitles(check: Check, text: string, target: Partial<Target> = {}): readonly string[] {
  const fixes = findingsOf(check, text, target)[0]?.fixes?.() ?? [];
  return fixes.map(({ title, safe }) => `${title}${safe ? ' *' : ''}`);
}
