import type { Analysis } from '../checks/analyse.ts';
import { type SkipReason, skipReason } from '../policy/resolve.ts';
import { effectInWords, effectOf } from '../policy/summary.ts';
import type { Span } from '../syntax/tree.ts';

/** Where a rule's lens stands; `rule` is its position in the profile. */
export interface RuleLens {
  readonly rule: number;
  readonly span: Span;
}

/** The places of the lenses above the rules. Cheap; empty where no engine loads the profile. */
export function ruleLensSpans({ policy, document }: Analysis): readonly RuleLens[] {
  if (!policy) return [];
  return (document.profile?.rules ?? []).map(({ view: { node } }, rule) => ({
    rule,
    span: { start: node.start, end: node.start + 1 },
  }));
}

const SKIPPED: Readonly<Record<SkipReason, string>> = {
  includes: 'not for this target: its includes do not hold',
  excludes: 'not for this target: one of its excludes holds',
  'no-names': 'no effect: it names no syscall',
  'invalid-action': 'no effect: it has no valid action',
};

/**
 * What a rule adds to the policy: `allows 12 syscalls`, `no effect`, `not for this target: …`. Undefined where there is no
 * such rule. Costs up to a comparison of the rule's names on every architecture.
 */
export function ruleLensTitle({ policy, document }: Analysis, position: number): string | undefined {
  const rule = document.profile?.rules[position];
  if (!policy || !rule) return undefined;
  const reason = skipReason(policy.resolved, rule);
  return reason ? SKIPPED[reason] : effectInWords(effectOf(policy, rule));
}
