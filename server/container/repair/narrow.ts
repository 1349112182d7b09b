import { allowSyscalls, forAll } from '../../src/repair/edit.ts';
import { forbiddenInAny, permitFlags } from '../../src/repair/narrow.ts';
import { findNeeds, isWhole } from '../../src/repair/needs.ts';
import type { Edited, Narrowed } from './report.ts';
import type { Trials } from './trials.ts';

/** How likely one flag of a condition is needed. */
const LIKELIHOOD = 0.2;

/**
 * Gives up as few flags of a syscall's condition as do, where trials tell for certain: the others stay forbidden. A syscall
 * that needs all of them, or whose condition is of another kind, is allowed as a whole.
 */
export async function narrow(
  text: string,
  names: readonly string[],
  trials: Trials,
): Promise<{ readonly edited: Edited; readonly narrowed: readonly Narrowed[] }> {
  const { before, targets, steady } = trials;
  const edited = (narrowed: readonly Narrowed[]): Edited => {
    const whole = names.filter((name) => !narrowed.some((one) => one.name === name));
    const allowed = forAll(text, targets, (sum, target) => allowSyscalls(sum, whole, target));
    const permit = (given: string, { name, flags }: Narrowed): string =>
      forAll(given, targets, (sum, target) => permitFlags(sum, name, flags, target));
    return { names, text: narrowed.reduce(permit, allowed) };
  };
  let narrowed: readonly Narrowed[] = [];
  for (const name of names) {
    const all = forbiddenInAny(before, name) ?? [];
    const known = narrowed;
    const having = (flags: readonly string[]): readonly Narrowed[] => [
      ...known,
      { name, flags: all.filter((flag) => flags.includes(flag.name)) },
    ];
    const candidates = all.map((flag) => ({ name: flag.name, likelihood: LIKELIHOOD }));
    if (candidates.length === 0) continue;
    const needs = await findNeeds(candidates, async (flags) => (await trials.attempt(edited(having(flags)))).passed, {
      recheck: false,
      steady,
    });
    if (isWhole(needs.confirmed) && needs.names.length < all.length) narrowed = having(needs.names);
  }
  return { edited: edited(narrowed), narrowed };
}
