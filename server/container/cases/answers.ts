import type { CallExpectation, TestCase } from '../../src/cases/model.ts';
import { architecture } from '../../src/catalog/index.ts';
import { linesOf } from '../../src/features/lines.ts';
import { decisionInWords, reasonSpan } from '../../src/features/reasons.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { possibleFor } from '../../src/policy/possible.ts';
import { permits } from '../../src/policy/resolve.ts';
import type { Span } from '../../src/syntax/tree.ts';
import { NEVER_PROBED } from '../probe/unsafe.ts';
import { type AskedCall, answerOf, type CallAnswer } from './calls.ts';
import { type CaseFailure, failure } from './judge.ts';
import type { Measured } from './measured.ts';

/** What a case's expectations about syscalls came to. */
export interface Answered {
  readonly failures: readonly CaseFailure[];
  readonly notes: readonly string[];
}

/** Holds the calls that a case expects to be denied or allowed against what was measured. */
export function judgeCalls({ expect }: TestCase, { policy, asked, judged }: Measured, profile: string): Answered {
  const failures: CaseFailure[] = [];
  const notes: string[] = [];
  for (const expectation of expect.calls) {
    const question = asked.get(expectation.call.value);
    if (!question) continue;
    const answer = answerOf(question, judged, policy, nativeOf(policy));
    const failed = failureOf(expectation, answer, predictionFor(question, policy, profile));
    if (failed) failures.push(failed);
    if (answer.kind !== 'open' && answer.source === 'profile') notes.push(notTried(question, answer));
  }
  return { failures, notes };
}

const nativeOf = ({ target, native }: Policy) => architecture(target.architecture) ?? native.architecture;

/** What the profile says of a call. */
interface Prediction {
  readonly words: string;
  /** Where it says so. */
  readonly rule: Span | undefined;
  /** Absent where it depends or cannot be foretold. */
  readonly denied: boolean | undefined;
}

function failureOf(
  { wanted, call }: CallExpectation,
  answer: CallAnswer,
  prediction: Prediction,
): CaseFailure | undefined {
  if (answer.kind === wanted) return undefined;
  const { words, rule, denied } = prediction;
  const place = rule && { rule };
  if (answer.kind === 'open') {
    const message = `It cannot be said that ${call.value} is ${wanted}: ${answer.why}. The profile: ${words}.`;
    return { ...failure(call, message), ...place };
  }
  const other = denied !== undefined && denied !== (answer.kind === 'denied');
  const why = other
    ? `The profile says otherwise (${words}), so the engine does not load it as written: its libseccomp may not know a name. Verify the profile to see more.`
    : `The profile: ${words}.`;
  const message = `${call.value} is ${answer.kind}, but should be ${wanted}. ${why}`;
  return { ...failure(call, message), expected: wanted, actual: answer.kind, ...place };
}

function predictionFor({ call }: AskedCall, policy: Policy, profile: string): Prediction {
  const possible = possibleFor(policy, call, nativeOf(policy));
  const lines = linesOf(profile);
  if (!possible) return { words: 'no such syscall', rule: undefined, denied: undefined };
  if ('why' in possible) return { words: possible.why, rule: undefined, denied: undefined };
  const words = possible.map(
    ({ decision, tests }) => decisionInWords(decision, lines) + (tests.length > 0 ? ' on a condition' : ''),
  );
  const [first, ...others] = possible.map(({ decision }) => !permits(decision.outcome));
  return {
    words: words.join(', else '),
    rule: reasonSpan(policy, possible[0]!.decision),
    denied: others.every((each) => each === first) ? first : undefined,
  };
}

function notTried({ text, call, probes }: AskedCall, { kind }: CallAnswer): string {
  const never = NEVER_PROBED.get(call.name);
  if (never) return `${text} was not tried, since it ${never}; by the profile it is ${kind}.`;
  if (probes.length === 0) return `${text} was not tried, since it would have an effect; by the profile it is ${kind}.`;
  return `${text} gives the same with the profile and without; by the profile it is ${kind}.`;
}
