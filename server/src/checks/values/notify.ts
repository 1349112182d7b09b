import type { Profile, Rule } from '../../profile/model.ts';
import type { CheckContext } from '../check.ts';
import { reaches } from './reach.ts';

export const NOTIFY = 'SCMP_ACT_NOTIFY';

/** The rules on the target that ask an agent. */
export function notifyingRules(context: CheckContext): readonly Rule[] {
  return context.rules.filter((rule) => rule.action?.value === NOTIFY && reaches(context, rule));
}

/** Whether any action of the file asks an agent, on whatever host. */
export function usesNotify(profile: Profile): boolean {
  return profile.defaultAction?.value === NOTIFY || profile.rules.some((rule) => rule.action?.value === NOTIFY);
}
