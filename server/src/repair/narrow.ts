import { describeValue, syscall } from '../catalog/index.ts';
import { applyEdits, replaceNode } from '../checks/edits.ts';
import { type Policy, policyOf, verdictOf } from '../policy/policy.ts';
import { permits } from '../policy/resolve.ts';
import type { Target } from '../policy/target.ts';
import { hex } from '../policy/words.ts';
import { parseProfile } from '../profile/build.ts';
import type { Uint } from '../profile/model.ts';

/** One flag that a condition forbids. */
export interface ForbiddenFlag {
  /** `CLONE_NEWUSER`. */
  readonly name: string;
  readonly bit: bigint;
}

/** The only condition under which a profile allows a syscall: none of these flags. */
interface FlagCondition {
  readonly flags: readonly ForbiddenFlag[];
  /** The mask in the text. */
  readonly mask: Uint;
}

/**
 * The flags that keep a profile from allowing a syscall as a whole, where one rule of its own decides by nothing else: then a repair
 * may do with some of them. Undefined for all other syscalls.
 */
export function forbiddenFlags(policy: Policy, name: string): readonly ForbiddenFlag[] | undefined {
  return conditionOf(policy, name)?.flags;
}

/** The same for containers that get different filters of one profile. Those in which the syscall is allowed do not matter. */
export function forbiddenInAny(policies: readonly Policy[], name: string): readonly ForbiddenFlag[] | undefined {
  const closed = policies.filter((policy) => verdictOf(policy, name)?.kind !== 'allowed');
  const flags = closed.map((policy) => forbiddenFlags(policy, name));
  if (flags.length === 0 || !flags.every((each) => each !== undefined)) return undefined;
  return [...new Map(flags.flat().map((flag) => [flag.name, flag])).values()];
}

/** The profile with these flags of a syscall's condition allowed as well. The same text where there is no such condition. */
export function permitFlags(text: string, name: string, flags: readonly ForbiddenFlag[], target: Target): string {
  const { profile } = parseProfile(text);
  const policy = profile && policyOf(profile, target);
  const condition = policy && conditionOf(policy, name);
  if (!condition) return text;
  const mask = flags.reduce((left, { bit }) => left & ~bit, condition.mask.value);
  return applyEdits(text, [replaceNode(condition.mask.node, String(mask))]);
}

function conditionOf(policy: Policy, name: string): FlagCondition | undefined {
  const verdict = verdictOf(policy, name);
  const [rule, ...others] = verdict?.conditional ?? [];
  if (!rule || others.length > 0 || !permits(rule.outcome) || permits(verdict!.otherwise.outcome)) return undefined;
  const [condition, ...more] = rule.conditions;
  const [test] = rule.tests;
  if (!condition?.value || more.length > 0 || rule.source.names.length > 1) return undefined;
  if (test?.op !== 'SCMP_CMP_MASKED_EQ' || test.datum !== 0n) return undefined;
  return {
    flags: bitsOf(test.value).map((bit) => ({ name: flagName(name, test.index, bit), bit })),
    mask: condition.value,
  };
}

const bitsOf = (mask: bigint): readonly bigint[] =>
  Array.from({ length: 64 }, (_, i) => 1n << BigInt(i)).filter((bit) => (mask & bit) !== 0n);

function flagName(name: string, index: number, bit: bigint): string {
  const decoder = syscall(name)?.args?.[index]?.decoder;
  return (decoder && describeValue(decoder, bit)) || hex(bit);
}
