import { type ArchTable, type Family, familiesOf, implementedOn, syscall, syscallNames } from '../../catalog/index.ts';
import type { Analysis } from '../../checks/analyse.ts';
import { arrayOf } from '../../profile/model.ts';
import type { ArrayNode } from '../../syntax/tree.ts';
import type { Cursor } from '../context.ts';
import { othersThan, ruleAt, tablesOf } from './surroundings.ts';
import type { Candidate, Candidates } from './types.ts';

/** How many names on each side of the cursor count as neighbours. */
const NEIGHBOURS = 4;

/**
 * All syscalls that the rule has not got: those that the profile's architectures have first, of those the ones that share
 * a family with the names next to the cursor, then with any name of the rule.
 */
export function syscallCandidates(analysis: Analysis, cursor: Cursor): Candidates {
  const rule = ruleAt(analysis, cursor);
  const texts = rule ? [...rule.names, ...(rule.name ? [rule.name] : [])] : [];
  const present = othersThan(cursor.token, texts);
  const array = rule && arrayOf(rule.view, 'names');
  const near = familiesOfAll(array ? neighbours(array, cursor).filter((name) => present.has(name)) : present);
  const far = familiesOfAll(present);
  const list = namesFor(tablesOf(analysis))
    .filter(({ label }) => !present.has(label))
    .map(({ label, detail, exists, plainIn }): Candidate => {
      const kin = plainIn.some((family) => near.has(family)) ? 0 : plainIn.some((family) => far.has(family)) ? 1 : 2;
      return { label, detail, rank: (exists ? THERE : MISSING)[kin]! };
    });
  return { source: 'syscall', kind: 'syscall', quoted: true, list, byLabel: true };
}

/** Before the labels and behind them, by how near a name's relatives are; most names are in no relation. */
const THERE = ['00', '01', ''];
const MISSING = ['zz0', 'zz1', 'zz2'];

interface Offered {
  readonly label: string;
  readonly detail: string;
  /** One of the architectures has it and a kernel answers it. */
  readonly exists: boolean;
  /** The families that the name is a plain member of. */
  readonly plainIn: readonly Family[];
}

/** All names as they are offered to a profile for these architectures. Profiles cover few different sets of them. */
function namesFor(tables: readonly ArchTable[]): readonly Offered[] {
  const key = tables.join();
  const known = OFFERED.get(key) ?? syscallNames().map((name) => offered(name, tables));
  OFFERED.set(key, known);
  return known;
}

const OFFERED = new Map<string, readonly Offered[]>();

function offered(name: string, tables: readonly ArchTable[]): Offered {
  const summary = syscall(name)?.summary ?? '';
  const exists = tables.some((table) => implementedOn(name, table));
  const detail = exists ? summary : `${summary} (not on this profile's architectures)`;
  const plainIn = familiesOf(name).filter(({ members }) => members.some((one) => one.name === name && !one.through));
  return { label: name, detail, exists, plainIn };
}

function neighbours(array: ArrayNode, cursor: Cursor): readonly string[] {
  const next = array.items.findIndex((item) => item.start >= cursor.offset);
  const at = next === -1 ? array.items.length : next;
  return array.items
    .slice(Math.max(0, at - NEIGHBOURS - 1), at + NEIGHBOURS)
    .flatMap((item) => (item.kind === 'string' ? [item.value] : []));
}

function familiesOfAll(names: Iterable<string>): ReadonlySet<Family> {
  const families = new Set<Family>();
  for (const name of names) for (const family of familiesOf(name)) families.add(family);
  return families;
}
