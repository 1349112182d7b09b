import assert from 'node:assert/strict';
import { analyse, type Reported } from '../../../server/src/checks/analyse.ts';
import type { Check } from '../../../server/src/checks/check.ts';
import { applyEdits } from '../../../server/src/checks/edits.ts';
import type { Target } from '../../../server/src/policy/target.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { defaultTarget } from '../../../server/src/settings.ts';

/** All findings in a text, for the default target with some parts replaced. A check that throws fails the test. */
export function findingsIn(text: string, target: Partial<Target> = {}): readonly Reported[] {
  return analyse(parseProfile(text), {
    target: { ...defaultTarget(), ...target },
    onError: (check, error) => {
      throw new Error(`${check.code} failed`, { cause: error });
    },
  }).findings;
}

/** The findings of one check. */
export function findingsOf(check: Check, text: string, target: Partial<Target> = {}): readonly Reported[] {
  return findingsIn(text, target).filter((finding) => finding.check.code === check.code);
}

/** The text with each finding underlined by carets on a line of its own: `^^^ severity code: message`. */
export function picture(text: string, findings: readonly Reported[]): string {
  const lines = text.split('\n');
  let offset = 0;
  return lines
    .flatMap((line) => {
      const start = offset;
      const end = start + line.length;
      offset = end + 1;
      const here = findings.filter((f) => f.span.start >= start && f.span.start <= end);
      return [line, ...here.map((f) => underline(f, start, end))];
    })
    .join('\n');
}

function underline(finding: Reported, start: number, end: number): string {
  const width = Math.max(1, Math.min(finding.span.end, end) - finding.span.start);
  return `${' '.repeat(finding.span.start - start)}${'^'.repeat(width)} ${finding.severity} ${finding.check.code}: ${finding.message}`;
}

/** Asserts that a text has exactly these findings, given as `severity code "underlined text"`. */
export function expectFindings(text: string, expected: readonly string[], target: Partial<Target> = {}): void {
  const found = findingsIn(text, target);
  const shown = found.map(
    (f) => `${f.severity} ${f.check.code} ${JSON.stringify(text.slice(f.span.start, f.span.end))}`,
  );
  assert.deepEqual(shown, expected, picture(text, found));
}

/** The text after the fix with this title (or the first fix) of the first finding of a check. */
export function fixed(check: Check, text: string, target: Partial<Target> = {}, title?: RegExp): string {
  const fixes = findingsOf(check, text, target)[0]?.fixes?.() ?? [];
  const fix = title ? fixes.find((candidate) => title.test(candidate.title)) : fixes[0];
  assert.ok(fix, `${check.code} offers no such fix`);
  return applyEdits(text, fix.edits);
}
