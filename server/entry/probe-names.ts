import { USUAL } from '../container/index.ts';
import { familiesOf } from '../src/catalog/index.ts';
import { type ProfileDocument, ruleNames } from '../src/profile/model.ts';

/** Rules beyond this many names list what a program needs; trying it all would take long and tell little. */
const MOST_NAMES = 200;

/**
 * What to try in a container under a profile: what is always worth a try, what the profile's rules other than plain
 * permissions name, and the relatives of that, which may do the same.
 */
export function namesToTry({ profile }: ProfileDocument): readonly string[] {
  const rules = (profile?.rules ?? []).filter(
    ({ action, conditions }) => action?.value !== 'SCMP_ACT_ALLOW' || conditions.length > 0,
  );
  const named = rules.flatMap((rule) => ruleNames(rule).map(({ value }) => value)).slice(0, MOST_NAMES);
  const relatives = named.flatMap((name) =>
    familiesOf(name).flatMap(({ members }) => members.map((member) => member.name)),
  );
  return [...new Set([...USUAL, ...named, ...relatives])];
}
