import { analyse, contextOf } from '../checks/analyse.ts';
import { applyEdits } from '../checks/edits.ts';
import { allowNames, removeNames } from '../checks/policy/names.ts';
import { verdictOf } from '../policy/policy.ts';
import { permits, type ResolvedRule } from '../policy/resolve.ts';
import type { Target } from '../policy/target.ts';
import { parseProfile } from '../profile/build.ts';

/** An edit for containers that get different filters of one profile: it is made for one after the other. */
export const forAll = (text: string, targets: readonly Target[], edit: (text: string, target: Target) => string) =>
  targets.reduce(edit, text);

/**
 * The profile with these syscalls allowed whatever their arguments: their names leave the rules that deny them on the
 * target and, where the default denies, join the first rule that allows without conditions, or one of their own. The rest of the
 * text keeps its form. The same text where no engine would load it.
 */
export function allowSyscalls(text: string, names: readonly string[], target: Target): string {
  const freed = withoutRules(text, new Set(names), target, ({ outcome }) => !permits(outcome));
  const context = contextOf(analyse(parseProfile(freed), { target }));
  const { policy, profile } = context;
  if (!policy || !profile || permits(policy.resolved.default!)) return freed;
  const missing = names.filter((name) => verdictOf(policy, name)?.kind !== 'allowed');
  return applyEdits(freed, allowNames(context, profile.view, missing));
}

/** The profile without these names in the rules that permit on the target. The rest of the text keeps its form. */
export const dropSyscalls = (text: string, names: readonly string[], target: Target): string =>
  withoutRules(text, new Set(names), target, ({ outcome }) => permits(outcome));

function withoutRules(
  text: string,
  names: ReadonlySet<string>,
  target: Target,
  affected: (rule: ResolvedRule) => boolean,
): string {
  const analysis = analyse(parseProfile(text), { target });
  const rules = analysis.policy?.resolved.rules ?? [];
  const concerned = rules.filter((rule) => affected(rule) && rule.names.some(({ value }) => names.has(value)));
  const edits = removeNames(
    analysis.document,
    concerned.map(({ rule }) => rule),
    names,
  );
  return applyEdits(text, edits);
}
