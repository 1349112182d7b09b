import { numberOn } from '../catalog/index.ts';
import type { ArchFilter } from './load.ts';
import { filterFor, type Policy, type Verdict } from './policy.ts';
import { type Unpredictable, unpredictable, unreliable } from './predictable.ts';
import { dependent } from './shared.ts';

/**
 * Why not every call of a syscall can be foretold; undefined when each can. `evaluate` may still answer single calls that
 * match no two rules.
 */
export function uncertain(policy: Policy, filter: ArchFilter, number: number): Unpredictable | undefined {
  const found = filter.syscalls.get(number);
  if (!found) return undefined;
  const open = dependent(policy, filter, number) ?? unreliable(found.conditional);
  return open ?? (found.unconditional ? undefined : unpredictable(found.conditional));
}

/** The same for a verdict; what decides before the rules are asked is always certain. */
export function uncertainVerdict(
  policy: Policy,
  { name, architecture, otherwise }: Verdict,
): Unpredictable | undefined {
  const filter = filterFor(policy, architecture);
  const number = numberOn(name, architecture.table);
  if (!filter || number === undefined || otherwise.reason.kind === 'stub') return undefined;
  return uncertain(policy, filter, number);
}
