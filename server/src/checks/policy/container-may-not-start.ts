import { predictStartup } from '../../policy/startup.ts';
import { loaderOf } from '../../policy/target.ts';
import { effectiveMember } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { allowNames, denyingNode, quoteNames, removalFixes } from './names.ts';

export const containerMayNotStart: Check = {
  code: 'container-may-not-start',
  severity: 'warning',
  scope: 'profile',
  summary: "The profile denies syscalls that the runtime's language runtime needs now and then.",
  explanation: `runc is a Go program. Between loading the filter and executing the container's program its garbage collector,
scheduler and signal handling can make further syscalls, depending on timing. A profile without them starts nine times out of ten
and fails the tenth time with a message that points elsewhere. Measured with runc 1.1.5 and 1.3.6: thirty starts of thirty with
these calls allowed, thirteen of sixteen without.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf", "madvise"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { policy, profile } = context;
    if (!policy || !profile || policy.resolved.unconfined) return;
    const { fatal, risky } = predictStartup(policy);
    if (fatal.length > 0 || risky.length === 0) return;
    const loader = loaderOf(context.target);
    const names = risky.filter((verdict) => !denyingNode(verdict)).map((verdict) => verdict.name);
    const action = effectiveMember(profile.view, 'defaultAction')?.member.value;
    if (names.length > 0 && action)
      yield {
        span: action,
        message: `Some starts of the container can fail: ${loader} sometimes needs ${quoteNames(names)} after the filter is loaded.`,
        fixes: () => [
          { title: `Allow ${quoteNames(names, 3)}`, edits: allowNames(context, profile.view, names), safe: false },
        ],
      };
    for (const verdict of risky) {
      const node = denyingNode(verdict);
      if (!node) continue;
      yield {
        span: node,
        message: `Some starts of the container can fail: ${loader} sometimes needs "${verdict.name}" after the filter is loaded.`,
        fixes: () => removalFixes(context, verdict),
      };
    }
  },
};
