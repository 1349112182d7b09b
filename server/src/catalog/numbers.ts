import numbersText from '../../data/numbers.json';
import { lazy, table } from './data.ts';
import { syscallNames } from './syscalls.ts';
import type { ArchTable } from './types.ts';

interface Numbers {
  /** What the architecture's ABI adds to every number of its table. */
  readonly offsets: Readonly<Partial<Record<ArchTable, number>>>;
  /** By table: a number for each name of the catalogue in its order, comma-separated, empty where the table lacks the name. */
  readonly columns: Readonly<Record<ArchTable, string>>;
  /** Slots that have a number but no implementation in the kernel. */
  readonly empty: Readonly<Partial<Record<ArchTable, readonly string[]>>>;
}

const numbers = table<Numbers>(numbersText);
const tables = lazy(() => Object.keys(numbers().columns) as readonly ArchTable[]);
const columns = new Map<ArchTable, ReadonlyMap<string, number>>();
const names = new Map<ArchTable, ReadonlyMap<number, string>>();
const empty = lazy(
  () => new Map(Object.entries(numbers().empty).map(([arch, slots]) => [arch, new Set<string>(slots)] as const)),
);

/** The tables that {@link numberOn} knows, most used first. */
export function archTables(): readonly ArchTable[] {
  return tables();
}

/**
 * The number as a filter sees it, `undefined` where the architecture lacks the call.
 * x32 numbers carry bit 30; mips tables start at 4000, 5000 and 6000.
 * Source: libseccomp 2.6.1's tables, equal to the kernel's headers.
 */
export function numberOn(name: string, arch: ArchTable): number | undefined {
  return columnOf(arch).get(name);
}

/** The tables that have a number for the name; empty for an unknown name. */
export function tablesWith(name: string): readonly ArchTable[] {
  return tables().filter((arch) => columnOf(arch).has(name));
}

/** The name behind a number, as {@link numberOn} gives it. */
export function nameOf(number: number, arch: ArchTable): string | undefined {
  const known = names.get(arch) ?? new Map([...columnOf(arch)].map(([name, value]) => [value, name] as const));
  names.set(arch, known);
  return known.get(number);
}

/** All names that the architecture's table has, sorted. */
export function namesOn(arch: ArchTable): readonly string[] {
  return [...columnOf(arch).keys()];
}

/** Those names of a list that the architecture has, with their numbers; looked up once for a list. */
export function numberedOn(list: readonly string[], arch: ArchTable): readonly NumberedName[] {
  const known = numbered.get(list) ?? new Map<ArchTable, readonly NumberedName[]>();
  numbered.set(list, known);
  const found = known.get(arch) ?? list.flatMap((name) => withNumber(name, arch));
  known.set(arch, found);
  return found;
}

export interface NumberedName {
  readonly name: string;
  readonly number: number;
}

const numbered = new WeakMap<readonly string[], Map<ArchTable, readonly NumberedName[]>>();

function withNumber(name: string, arch: ArchTable): readonly NumberedName[] {
  const number = numberOn(name, arch);
  return number === undefined ? [] : [{ name, number }];
}

/** False where there is no such slot, and for slots that the kernel answers with ENOSYS (linux 7.2's syscall tables). */
export function implementedOn(name: string, arch: ArchTable): boolean {
  return columnOf(arch).has(name) && !empty().get(arch)?.has(name);
}

function columnOf(arch: ArchTable): ReadonlyMap<string, number> {
  const known = columns.get(arch);
  if (known) return known;
  const read = readColumn(arch);
  columns.set(arch, read);
  return read;
}

function readColumn(arch: ArchTable): ReadonlyMap<string, number> {
  const { offsets, columns } = numbers();
  const offset = offsets[arch] ?? 0;
  const cells = columns[arch].split(',');
  const column = new Map<string, number>();
  syscallNames().forEach((name, index) => {
    const cell = cells[index];
    if (cell) column.set(name, Number(cell) + offset);
  });
  return column;
}
