import assert from 'node:assert/strict';
import { architecture } from '../../../server/src/catalog/index.ts';
import { type Policy, policyOf, type Verdict, verdictOf } from '../../../server/src/policy/policy.ts';
import type { Target } from '../../../server/src/policy/target.ts';
import { outcomeInWords, testsInWords } from '../../../server/src/policy/words.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { defaultTarget } from '../../../server/src/settings.ts';

/** The policy of a profile given as an object or as text, for the default target with some parts replaced. */
export function policy(profile: object | string, target: Partial<Target> = {}): Policy {
  const text = typeof profile === 'string' ? profile : JSON.stringify(profile);
  const found = policyOf(parseProfile(text).profile!, { ...defaultTarget(), ...target });
  assert.ok(found, 'the profile has no policy');
  return found;
}

export function verdict(of: Policy, name: string, arch?: string): Verdict {
  const found = verdictOf(of, name, arch ? architecture(arch) : undefined);
  assert.ok(found, `${name} does not exist there`);
  return found;
}

/** A verdict in one line: `fails with EPERM; allowed if domain = 1`. */
export function said(of: Policy, name: string, arch?: string): string {
  const { otherwise, conditional } = verdict(of, name, arch);
  const special = conditional.map((rule) => `; ${outcomeInWords(rule.outcome)} if ${testsInWords(rule)}`);
  return outcomeInWords(otherwise.outcome) + special.join('');
}
