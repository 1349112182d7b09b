import familiesText from '../../data/families.json';
import { groupBy, lazy, table } from './data.ts';
import type { Family, FamilyMember } from './types.ts';

interface Row {
  readonly effect: string;
  /** Plain equivalents. */
  readonly members: readonly string[];
  /** Members that reach the effect in another way, with how. */
  readonly through?: Readonly<Record<string, string>>;
  readonly related?: true;
  readonly gate?: string;
}

const rows = table<Readonly<Record<string, Row>>>(familiesText);
const all = lazy(() => Object.entries(rows()).map(([id, row]) => build(id, row)));
const byMember = lazy(() =>
  groupBy(all().flatMap((family) => family.members.map((member) => [member.name, family] as const))),
);

/** All families, in the order of the table. */
export function families(): readonly Family[] {
  return all();
}

/**
 * The families that a name is in, as a plain member or by a detour; empty for a name that has no equivalent.
 * A member is taken for an equivalent where it can bring about the same effect with some arguments.
 */
export function familiesOf(name: string): readonly Family[] {
  return byMember().get(name) ?? [];
}

function build(id: string, row: Row): Family {
  const plain = row.members.map((name): FamilyMember => ({ name }));
  const detours = Object.entries(row.through ?? {}).map(([name, through]): FamilyMember => ({ name, through }));
  const { effect, related, gate } = row;
  return { id, effect, members: [...plain, ...detours], ...(related && { related }), ...(gate && { gate }) };
}
