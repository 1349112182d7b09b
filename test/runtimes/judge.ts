import type { Result } from '../../server/container/measure.ts';
import { type Call, evaluate, isPredicted, openSets } from '../../server/src/policy/evaluate.ts';
import { type Policy, policyOf } from '../../server/src/policy/policy.ts';
import { refusals } from '../../server/src/policy/refuse.ts';
import type { Outcome } from '../../server/src/policy/resolve.ts';
import { predictStartup } from '../../server/src/policy/startup.ts';
import type { Target } from '../../server/src/policy/target.ts';
import { parseProfile } from '../../server/src/profile/build.ts';
import type { Ran, Setting } from './runtime.ts';

/** A profile, for whom, and the calls made under it. */
export interface Asked {
  readonly text: string;
  readonly target: Target;
  readonly calls: readonly Call[];
}

/** What the policy engine says of a profile before a container is started with it. */
export interface Prediction {
  /**
   * `open` where it cannot tell whether libseccomp ever comes to an end with the rules, `starved` where the runtime cannot
   * do its own work under the profile.
   */
  readonly start: 'loads' | 'refused' | 'open' | 'starved';
  /** Why it is refused. */
  readonly why?: string;
  /** What each call gets; undefined where that is not predictable. */
  readonly outcomes: readonly (Outcome | undefined)[];
}

export const targetFor = (target: Target, { capabilities, noNewPrivileges }: Setting): Target => ({
  ...target,
  capabilities: new Set(capabilities),
  noNewPrivileges,
});

export function predict({ text, target, calls }: Asked): Prediction {
  const { profile } = parseProfile(text);
  if (!profile) return { start: 'refused', why: 'there is no profile in the text', outcomes: [] };
  const [refusal] = refusals(profile, target);
  if (refusal) return { start: 'refused', why: refusal.message, outcomes: [] };
  const policy = policyOf(profile, target);
  if (!policy) return { start: 'loads', outcomes: calls.map(() => ({ action: 'SCMP_ACT_ALLOW' })) };
  const outcomes = calls.map((call) => {
    const answer = evaluate(policy, call)!;
    return isPredicted(answer) ? answer.outcome : undefined;
  });
  return { start: startOf(policy), outcomes };
}

function startOf(policy: Policy): Prediction['start'] {
  if (openSets(policy).length > 0) return 'open';
  return predictStartup(policy).fatal.length > 0 ? 'starved' : 'loads';
}

/** Something that the policy engine said and the runtime and the kernel did not do. */
export interface Disagreement {
  readonly call?: Call;
  readonly predicted: string;
  readonly real: string;
}

/** How a prediction fared. */
export interface Judgement {
  readonly end: Ran['kind'];
  readonly predicted: number;
  readonly unpredictable: number;
  /** Predictions that the kernel, left alone, would not have fulfilled. */
  readonly telling: number;
  readonly disagreements: readonly Disagreement[];
}

/** Compares a prediction with a run; `natural` is what the calls give without a filter. */
export function judge(prediction: Prediction, calls: readonly Call[], ran: Ran, natural: readonly Result[]): Judgement {
  const start = startDisagreement(prediction, ran);
  if (ran.kind !== 'ran' || start)
    return { end: ran.kind, predicted: 0, unpredictable: 0, telling: 0, disagreements: start ? [start] : [] };
  const disagreements: Disagreement[] = [];
  let [predicted, telling] = [0, 0];
  prediction.outcomes.forEach((outcome, i) => {
    if (!outcome) return;
    predicted++;
    if (!shows(outcome, natural[i]!, natural[i]!)) telling++;
    if (shows(outcome, ran.results[i]!, natural[i]!)) return;
    const real = `${JSON.stringify(ran.results[i])}, without a filter ${JSON.stringify(natural[i])}`;
    disagreements.push({ call: calls[i]!, predicted: JSON.stringify(outcome), real });
  });
  return { end: 'ran', predicted, unpredictable: calls.length - predicted, telling, disagreements };
}

function startDisagreement({ start, why }: Prediction, ran: Ran): Disagreement | undefined {
  if (ran.kind === 'ran') return start === 'refused' ? { predicted: `refused: ${why}`, real: 'starts' } : undefined;
  const expected = ran.kind === 'refused' ? start !== 'loads' : start === 'starved' || start === 'open';
  return expected ? undefined : { predicted: start, real: `${ran.kind}: ${ran.said}` };
}

const ENOSYS = 38;

/** Whether a result is what an outcome gives. Without a tracer or an agent the kernel answers ENOSYS for them. */
export function shows({ action, errno }: Outcome, result: Result, natural: Result): boolean {
  switch (action) {
    case 'SCMP_ACT_ALLOW':
    case 'SCMP_ACT_LOG':
      return same(result, natural);
    case 'SCMP_ACT_ERRNO':
      return errno === 0 ? result.kind === 'value' && result.value === 0 : fails(result, errno!);
    case 'SCMP_ACT_TRACE':
    case 'SCMP_ACT_NOTIFY':
      return fails(result, ENOSYS);
    default:
      return result.kind === 'killed';
  }
}

const fails = (result: Result, errno: number): boolean => result.kind === 'errno' && result.errno === errno;

/** Of a value only zero or not counts: process ids and addresses differ from run to run. */
function same(a: Result, b: Result): boolean {
  if (a.kind === 'errno') return b.kind === 'errno' && a.errno === b.errno;
  if (a.kind === 'value') return b.kind === 'value' && (a.value === 0) === (b.value === 0);
  return b.kind === 'killed';
}
