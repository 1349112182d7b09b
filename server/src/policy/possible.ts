import type { Architecture } from '../catalog/index.ts';
import { uncertainVerdict } from './certainty.ts';
import { holds, type LoadedRule, type Test } from './load.ts';
import { inTestOrder } from './order.ts';
import { type Decision, type Policy, verdictOf } from './policy.ts';
import type { Unpredictable } from './predictable.ts';
import { sameOutcome } from './resolve.ts';
import type { GivenCall } from './strace.ts';

/** What a call may get as far as its arguments are known. */
export interface Possible {
  readonly decision: Decision;
  /** What must hold besides of the arguments that are not known; empty where nothing is left to ask. */
  readonly tests: readonly Test[];
}

/**
 * What a call with some unknown arguments may get, in the order in which the filter asks: the first whose tests hold
 * decides, the last has none. A single one where the known arguments settle it. Undefined where the architecture does not
 * have the syscall.
 */
export function possibleFor(
  policy: Policy,
  call: GivenCall,
  architecture: Architecture,
): readonly Possible[] | Unpredictable | undefined {
  const verdict = verdictOf(policy, call.name, architecture);
  if (!verdict) return undefined;
  const unknown = uncertainVerdict(policy, verdict);
  if (unknown) return unknown;
  const found: Possible[] = [];
  for (const rule of inTestOrder(verdict.conditional, architecture.bits)) {
    const tests = openTests(rule, call, architecture);
    if (!tests) continue;
    found.push({ decision: { outcome: rule.outcome, reason: { kind: 'rule', rule } }, tests });
    if (tests.length === 0) return settled(found);
  }
  return settled([...found, { decision: verdict.otherwise, tests: [] }]);
}

/** The tests that the known arguments leave open; undefined where one of them fails. */
function openTests(rule: LoadedRule, { args }: GivenCall, { bits }: Architecture): readonly Test[] | undefined {
  const open: Test[] = [];
  for (const test of rule.tests) {
    const given = args[test.index];
    if (given === undefined) open.push(test);
    else if (!holds(test, bits === 64 ? given : given & 0xffffffffn)) return undefined;
  }
  return open;
}

/** Tests in front of an answer that is the same without them decide nothing. */
function settled(possible: readonly Possible[]): readonly Possible[] {
  const last = possible.at(-1)!;
  const before = possible.slice(0, -1);
  const from = before.findLastIndex(({ decision }) => !sameOutcome(decision.outcome, last.decision.outcome));
  return [...before.slice(0, from + 1), last];
}
