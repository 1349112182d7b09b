import { namesOn } from '../catalog/index.ts';
import { type Policy, verdictOf } from '../policy/policy.ts';

/** How many syscalls of the native architecture are allowed, denied, or depend on their arguments. */
export interface Totals {
  readonly allowed: number;
  readonly conditional: number;
  readonly denied: number;
}

const KNOWN = new WeakMap<Policy, Totals>();

/** Counts once for each policy. */
export function totalsOf(policy: Policy): Totals {
  const known = KNOWN.get(policy) ?? count(policy);
  KNOWN.set(policy, known);
  return known;
}

function count(policy: Policy): Totals {
  const totals = { allowed: 0, conditional: 0, denied: 0 };
  for (const name of namesOn(policy.native.architecture.table)) {
    const verdict = verdictOf(policy, name);
    if (verdict) totals[verdict.kind]++;
  }
  return totals;
}

/** `allowed 300 · conditional 4 · denied 60`. */
export function totalsInWords({ allowed, conditional, denied }: Totals): string {
  return `allowed ${allowed} · conditional ${conditional} · denied ${denied}`;
}
