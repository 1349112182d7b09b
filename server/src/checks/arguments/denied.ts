import { permits } from '../../policy/resolve.ts';
import type { Rule } from '../../profile/model.ts';
import type { CheckContext } from '../check.ts';

/** The rules by which a profile that otherwise permits calls denies some; empty under a denying default. */
export function deniedRules({ policy }: CheckContext): ReadonlySet<Rule> {
  if (!policy || !permits(policy.resolved.default!)) return new Set();
  return new Set(policy.resolved.rules.flatMap(({ rule, outcome }) => (permits(outcome) ? [] : [rule])));
}
