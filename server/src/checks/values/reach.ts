import { excludesMatch, includesMatch } from '../../policy/resolve.ts';
import { dialectOf } from '../../policy/target.ts';
import type { Rule } from '../../profile/model.ts';
import type { CheckContext } from '../check.ts';

/**
 * Whether a rule gets as far as the runtime on the target. What `includes` and `excludes` drop is never looked at
 * (measured with Docker and Podman); readers of bare OCI do not know these keys.
 */
export function reaches({ target }: CheckContext, rule: Rule): boolean {
  if (dialectOf(target.runtime) === 'oci') return true;
  if (rule.excludes && excludesMatch(rule.excludes, target)) return false;
  return !rule.includes || includesMatch(rule.includes, target);
}
