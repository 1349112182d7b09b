import { compare, type SyscallDifference } from '../policy/compare.ts';
import { type Policy, policyOf, type Verdict, verdictOf } from '../policy/policy.ts';
import type { Target } from '../policy/target.ts';
import { parseProfile } from '../profile/build.ts';

/** How the meaning of a profile changes with its text. */
export interface Change {
  /** Wanted names that have the verdict wanted. */
  readonly done: readonly string[];
  /** Wanted names for which the new text does not bring it about on the target's own architecture. */
  readonly failed: readonly string[];
  /** What changes besides, such as `socketcall` with `socket`, or newer calls that runc answers otherwise. */
  readonly besides: readonly SyscallDifference[];
}

/** The policies of a text for several targets; undefined where no engine would load it for one of them. */
export function policiesOfText(text: string, targets: readonly Target[]): readonly Policy[] | undefined {
  const policies = targets.map((target) => policyOfText(text, target));
  return policies.every((policy) => policy !== undefined) ? policies : undefined;
}

/** The policy of a text for a target; undefined where no engine would load it. */
export function policyOfText(text: string, target: Target): Policy | undefined {
  const { profile } = parseProfile(text);
  return profile && policyOf(profile, target);
}

/** Compares the meaning before and after an edit that was to give these syscalls such verdicts, for each target. */
export function changeBetween(
  before: readonly Policy[],
  after: readonly Policy[],
  names: readonly string[],
  isWanted: (name: string, kind: Verdict['kind']) => boolean,
): Change {
  const isDone = (name: string): boolean => after.every((policy) => isWanted(name, verdictOf(policy, name)!.kind));
  const different = after.flatMap((policy, i) => compare(before[i]!, policy).syscalls);
  const besides = different.filter(({ name }) => !names.includes(name));
  return {
    done: names.filter(isDone),
    failed: names.filter((name) => !isDone(name)),
    besides: [...new Map(besides.map((each) => [each.name, each])).values()],
  };
}
