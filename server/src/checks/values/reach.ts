import { ruleAsRead } from '../../policy/as-read.ts';
import { dropsNameless, leftOutBy } from '../../policy/resolve.ts';
import { type Rule, ruleNames } from '../../profile/model.ts';
import type { CheckContext } from '../check.ts';

/**
 * Where a rule gets as far as the runtime, for a message, when it does not on the target; undefined when it does. What `includes`
 * and `excludes` drop is never looked at (measured with Docker and Podman); readers of bare OCI do not know these keys. Podman
 * drops what names no syscall, too, see {@link dropsNameless}.
 */
export function reachedWhere({ target, profile }: CheckContext, rule: Rule): string | undefined {
  const read = ruleAsRead(profile, rule, target);
  if (leftOutBy(read, target)) return ' on hosts where this rule applies';
  return dropsNameless(target) ? namedWhere(read) : undefined;
}

/** The same for the conditions of a rule: without a name for which they are, nobody looks at them (measured with runc and crun). */
export function conditionsReachedWhere(context: CheckContext, rule: Rule): string | undefined {
  const { target, profile } = context;
  return reachedWhere(context, rule) ?? namedWhere(ruleAsRead(profile, rule, target));
}

function namedWhere(rule: Rule): string | undefined {
  return ruleNames(rule).length === 0 ? ' once this rule names a syscall' : undefined;
}

/** Whether a rule gets as far as the runtime on the target. */
export function reaches(context: CheckContext, rule: Rule): boolean {
  return reachedWhere(context, rule) === undefined;
}
