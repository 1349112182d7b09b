import type { CallExpectation, TestCase } from '../../src/cases/model.ts';
import { linesOf } from '../../src/features/lines.ts';
import { decisionInWords, reasonSpan } from '../../src/features/reasons.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { possibleFor } from '../../src/policy/possible.ts';
import { type AskedCall, answerOf, type CallAnswer, neverTried } from './calls.ts';
import { type CaseFailure, failure } from './judge.ts';
import type { Measured } from './measured.ts';
import { nativeArchitecture } from './target.ts';

/** What a case's expectations about syscalls came to. */
export interface Answered {
  readonly failures: readonly CaseFailure[];
  readonly notes: readonly string[];
}

/** Holds the calls that a case expects to be denied or allowed against what was measured. */
export function judgeCalls({ expect }: TestCase, { policy, questions, results }: Measured, profile: string): Answered {
  const architecture = nativeArchitecture(policy.target);
  const failures: CaseFailure[] = [];
  const notes: string[] = [];
  for (const expectation of expect.calls) {
    const asked = questions.asked.get(expectation.call.value);
    if (!asked) continue;
    const answer = answerOf(asked, results, policy, architecture);
    const failed = failureOf(expectation, answer, whyOf(asked, policy, profile));
    if (failed) failures.push(failed);
    if (answer.kind !== 'open' && answer.source === 'profile') notes.push(notTried(asked, answer));
  }
  return { failures, notes };
}

function failureOf(
  { wanted, call }: CallExpectation,
  answer: CallAnswer,
  { words, rule }: ReturnType<typeof whyOf>,
): CaseFailure | undefined {
  if (answer.kind === wanted) return undefined;
  const place = rule && { rule };
  if (answer.kind === 'open')
    return {
      ...failure(call, `It cannot be said that ${call.value} is ${wanted}: ${answer.why}. The profile: ${words}.`),
      ...place,
    };
  const message = `${call.value} is ${answer.kind}, but should be ${wanted}. The profile: ${words}.`;
  return { ...failure(call, message), expected: wanted, actual: answer.kind, ...place };
}

/** What decides the call in the profile, in words and with its place. */
function whyOf({ call }: AskedCall, policy: Policy, profile: string) {
  const possible = possibleFor(policy, call, nativeArchitecture(policy.target));
  const lines = linesOf(profile);
  if (!possible) return { words: 'no such syscall', rule: undefined };
  if (!isList(possible)) return { words: possible.why, rule: undefined };
  const words = possible.map(
    ({ decision, tests }) => decisionInWords(decision, lines) + (tests.length > 0 ? ' on a condition' : ''),
  );
  return { words: words.join(', else '), rule: reasonSpan(policy, possible[0]!.decision) };
}

const isList = <T>(value: readonly T[] | object): value is readonly T[] => Array.isArray(value);

function notTried(asked: AskedCall, { kind }: CallAnswer): string {
  const never = neverTried(asked);
  if (never) return `${asked.text} was not tried, since it ${never}; by the profile it is ${kind}.`;
  return `${asked.text} gives the same error with the profile and without; by the profile it is ${kind}.`;
}
