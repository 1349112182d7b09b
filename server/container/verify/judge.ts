import { type Answer, evaluate, isPredicted } from '../../src/policy/evaluate.ts';
import type { Decision, Policy } from '../../src/policy/policy.ts';
import { permits, type ResolvedRule, sameOutcome } from '../../src/policy/resolve.ts';
import type { Tried } from '../compare.ts';
import type { ProbeReport, Untried } from '../report.ts';
import { callOf } from './call.ts';
import type { MarkedCopy } from './marked-copy.ts';
import { ENOSYS } from './marks.ts';
import { answerOf, type Seen, sameResult, seenOf } from './seen.ts';

/** What is expected of one call, and what was seen of it. */
export interface Judged {
  readonly tried: Tried | Untried;
  readonly expected: Answer;
  readonly seen: Seen;
  readonly agrees: boolean;
}

/** Holds what was measured against a policy. */
export function judge(policy: Policy, copy: MarkedCopy | undefined, report: ProbeReport): readonly Judged[] {
  const marked = report.copyRefused === undefined ? copy : undefined;
  const unmarked = marked?.unmarked ?? allErrnos(policy);
  return [...report.tried, ...report.untried].map((tried) => {
    const expected = evaluate(policy, callOf(policy, tried.probe))!;
    const shows = isPredicted(expected) && marked?.shows(expected, tried.probe.name) === true;
    const seen = seenOf(tried, { copy: marked, shows, unmarked });
    return { tried, expected, seen, agrees: agrees(expected, seen) };
  });
}

/** Every error that the filter may give. */
function allErrnos({ resolved }: Policy): ReadonlySet<number> {
  const outcomes = [resolved.default!, ...resolved.rules.map(({ outcome }) => outcome)];
  return new Set([ENOSYS, ...outcomes.flatMap(({ errno }) => errno ?? [])]);
}

/** Whether what was seen can be what is expected; what cannot be foretold or was not seen contradicts nothing. */
export function agrees(expected: Answer, seen: Seen): boolean {
  if (!isPredicted(expected) || seen.kind === 'unseen') return true;
  const { outcome } = expected;
  if (seen.kind === 'denied') return sameOutcome(seen.mark.outcome, outcome);
  if (permits(outcome)) return seen.kind === 'passed' || seen.kind === 'hidden';
  const answer = answerOf(outcome)!;
  return (seen.kind === 'answered' || seen.kind === 'hidden') && sameResult(seen.result, answer);
}

/** Who decided a call, as far as the runs tell: `rule` is absent for the default action. */
export interface Decider {
  readonly kind: 'rule' | 'default' | 'runc';
  readonly rule?: ResolvedRule;
}

/**
 * The rule that decided. Where a mark is shared by rules that were alike, the one that the policy expects, or the first for
 * the name. Undefined where it cannot be told.
 */
export function deciderOf({ expected, seen, tried, agrees: agreed }: Judged): Decider | undefined {
  if (seen.kind === 'denied' || seen.kind === 'contradiction') {
    const { rules } = seen.mark;
    if (rules.length === 0) return { kind: 'default' };
    const wanted = isPredicted(expected) ? ruleOf(expected) : undefined;
    const named = rules.find(({ names }) => names.some(({ value }) => value === tried.probe.name));
    const rule = rules.find(({ rule: each }) => each === wanted?.rule) ?? named;
    return rule && { kind: 'rule', rule };
  }
  if (!agreed || !isPredicted(expected) || seen.kind === 'unseen') return undefined;
  const rule = ruleOf(expected);
  if (rule) return { kind: 'rule', rule };
  return { kind: expected.reason.kind === 'stub' ? 'runc' : 'default' };
}

/** The rule behind a decision, if one is. */
export const ruleOf = ({ reason }: Decision): ResolvedRule | undefined =>
  reason.kind === 'rule' ? reason.rule.source : undefined;
