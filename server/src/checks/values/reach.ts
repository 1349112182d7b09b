import { ruleAsRead } from '../../policy/as-read.ts';
import { leftOutBy } from '../../policy/resolve.ts';
import { dialectOf } from '../../policy/target.ts';
import { type Rule, ruleNames } from '../../profile/model.ts';
import type { CheckContext } from '../check.ts';

/**
 * Whether a rule gets as far as the runtime on the target. What `includes` and `excludes` drop is never looked at
 * (measured with Docker and Podman); readers of bare OCI do not know these keys. Podman drops what names no syscall, too
 * (measured).
 */
export function reaches({ target, profile }: CheckContext, rule: Rule): boolean {
  const read = profile ? ruleAsRead(profile, rule, target) : rule;
  const isNamed = dialectOf(target.runtime) !== 'podman' || ruleNames(read).length > 0;
  return isNamed && !leftOutBy(read, target);
}
