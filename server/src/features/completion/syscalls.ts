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
  const near = array ? neighbours(array, cursor).filter((name) => present.has(name)) : [...present];
  const { others, families } = withoutPresent(namesFor(tablesOf(analysis)), present);
  const nearFamilies = new Set(near.flatMap(familiesOf));
  const list = others.map(({ label, detail, exists, plainIn }): Candidate => {
    const kin = anyIn(plainIn, nearFamilies) ? 0 : anyIn(plainIn, families) ? 1 : 2;
    return { label, detail, rank: (exists ? THERE : MISSING)[kin]! };
  });
  return { source: 'syscall', kind: 'syscall', quoted: true, list, byLabel: true };
}

/** The names that are not there yet, and the families of the others: one pass, since both are hundreds. */
function withoutPresent(all: readonly Offered[], present: ReadonlySet<string>) {
  const others: Offered[] = [];
  const families = new Set<Family>();
  for (const each of all) {
    if (!present.has(each.label)) others.push(each);
    else for (const family of each.families) families.add(family);
  }
  return { others, families };
}

function anyIn(families: readonly Family[], wanted: ReadonlySet<Family>): boolean {
  for (const family of families) if (wanted.has(family)) return true;
  return false;
}

/** Before the labels and behind them, by how near a name's relatives are; most names are in no relation. */
const THERE = ['00', '01', ''];
const MISSING = ['zz0', 'zz1', 'zz2'];

interface Offered {
  readonly label: string;
  readonly detail: string;
  /** One of the architectures has it and a kernel answers it. */
  readonly exists: boolean;
  readonly families: readonly Family[];
  /** Those that the name is a plain member of. */
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
  const families = familiesOf(name);
  const plainIn = families.filter(({ members }) => members.some((one) => one.name === name && !one.through));
  return { label: name, detail, exists, families, plainIn };
}

function neighbours(array: ArrayNode, cursor: Cursor): readonly string[] {
  const next = array.items.findIndex((item) => item.start >= cursor.offset);
  const at = next === -1 ? array.items.length : next;
  return array.items
    .slice(Math.max(0, at - NEIGHBOURS - 1), at + NEIGHBOURS)
    .flatMap((item) => (item.kind === 'string' ? [item.value] : []));
}
