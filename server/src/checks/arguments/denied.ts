import { permits, resolvedRule } from '../../policy/resolve.ts';
import type { Rule } from '../../profile/model.ts';
import type { CheckContext } from '../check.ts';

/** Whether a profile that otherwise permits calls denies some by a rule; never under a denying default. */
export function isDenial({ policy }: CheckContext, rule: Rule): boolean {
  if (!policy || !permits(policy.resolved.default!)) return false;
  const outcome = resolvedRule(policy.resolved, rule)?.outcome;
  return outcome !== undefined && !permits(outcome);
}
