import type { LostName } from '../../policy/load.ts';
import type { Policy } from '../../policy/policy.ts';
import { sameOutcome } from '../../policy/resolve.ts';
import type { CheckContext } from '../check.ts';

/** A name of a rule that another rule made void on every architecture where it exists. */
export interface Overruled extends LostName {
  readonly by: NonNullable<LostName['by']>;
}

/**
 * The names of rules that have no effect because of another rule, each once. The first architecture of the filter that
 * has the syscall decides; a name that stands twice in one rule is left to `duplicate-name`.
 */
export function overruled({ policy }: CheckContext): readonly Overruled[] {
  if (!policy) return [];
  const known = OVERRULED.get(policy) ?? findOverruled(policy);
  OVERRULED.set(policy, known);
  return known;
}

/** Three checks ask, each for its part. */
const OVERRULED = new WeakMap<Policy, readonly Overruled[]>();

function findOverruled(policy: Policy): readonly Overruled[] {
  const seen = new Set<unknown>();
  const found: Overruled[] = [];
  for (const architecture of policy.resolved.architectures) {
    for (const lost of policy.filter(architecture.table)?.lost ?? []) {
      if (!lost.by || seen.has(lost.name.node) || lost.by.source.rule === lost.source.rule) continue;
      if (lost.by.name.value !== lost.name.value) continue;
      seen.add(lost.name.node);
      found.push(lost as Overruled);
    }
  }
  return found;
}

export function agrees(lost: Overruled): boolean {
  return sameOutcome(lost.source.outcome, lost.by.outcome);
}

export function isConditional(lost: Overruled): boolean {
  return lost.source.rule.conditions.length > 0;
}
