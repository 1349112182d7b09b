import { type ArchTable, familiesOf, implementedOn, syscall, syscallNames } from '../../catalog/index.ts';
import type { Analysis } from '../../checks/analyse.ts';
import { arrayOf } from '../../profile/model.ts';
import type { ArrayNode } from '../../syntax/tree.ts';
import type { Cursor } from '../context.ts';
import { othersThan, ruleAt, tablesOf } from './surroundings.ts';
import type { Candidate, Candidates } from './types.ts';

/** How many names on each side of the cursor count as neighbours. */
const NEIGHBOURS = 4;

/**
 * All syscalls: those that the rule has not got first, then those that the profile's architectures have, then those that
 * share a family with the names next to the cursor, then with any name of the rule.
 */
export function syscallCandidates(analysis: Analysis, cursor: Cursor): Candidates {
  const rule = ruleAt(analysis, cursor);
  const texts = rule ? [...rule.names, ...(rule.name ? [rule.name] : [])] : [];
  const present = othersThan(cursor.token, texts);
  const array = rule && arrayOf(rule.view, 'names');
  const near = kinOf(array ? neighbours(array, cursor).filter((name) => present.has(name)) : present);
  const far = kinOf(present);
  const existing = namesOnAny(tablesOf(analysis));
  const list = syscallNames().map((name): Candidate => {
    const exists = existing.has(name);
    const kin = near.has(name) ? 0 : far.has(name) ? 1 : 2;
    return {
      label: name,
      detail: detailOf(name, exists),
      rank: `${present.has(name) ? 1 : 0}${exists ? 0 : 1}${kin}`,
    };
  });
  return { source: 'syscall', kind: 'syscall', quoted: true, list };
}

function detailOf(name: string, exists: boolean): string {
  const summary = syscall(name)?.summary ?? '';
  return exists ? summary : `${summary} (not on this profile's architectures)`;
}

/** The names that one of the tables has and a kernel answers. Profiles cover few different sets of architectures. */
function namesOnAny(tables: readonly ArchTable[]): ReadonlySet<string> {
  const key = tables.join();
  const known =
    EXISTING.get(key) ?? new Set(syscallNames().filter((name) => tables.some((table) => implementedOn(name, table))));
  EXISTING.set(key, known);
  return known;
}

const EXISTING = new Map<string, ReadonlySet<string>>();

function neighbours(array: ArrayNode, cursor: Cursor): readonly string[] {
  const next = array.items.findIndex((item) => item.start >= cursor.offset);
  const at = next === -1 ? array.items.length : next;
  return array.items
    .slice(Math.max(0, at - NEIGHBOURS - 1), at + NEIGHBOURS)
    .flatMap((item) => (item.kind === 'string' ? [item.value] : []));
}

/** The plain members of the families of some names. */
function kinOf(names: Iterable<string>): ReadonlySet<string> {
  const kin = new Set<string>();
  for (const name of names)
    for (const family of familiesOf(name))
      for (const member of family.members) if (!member.through) kin.add(member.name);
  return kin;
}
