import constantsText from '../../data/constants.json';
import { table } from './data.ts';
import type { ArchTable, Decoder, NamedValue } from './types.ts';

interface Row {
  readonly kind: Decoder['kind'];
  readonly mask?: number;
  readonly octal?: true;
  readonly v: Readonly<Record<string, number>>;
  /** Values that differ, by comma-separated tables. */
  readonly by?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

interface Rows {
  readonly decoders: Readonly<Record<string, Row>>;
  /** A sentence by constant. */
  readonly texts: Readonly<Record<string, string>>;
}

const rows = table<Rows>(constantsText);
const built = new Map<string, Decoder>();

/** The decoder with this id and the architecture's own values; x86_64's where no architecture is given. */
export function decoder(id: string, arch: ArchTable = 'x86_64'): Decoder | undefined {
  const row = rows().decoders[id];
  if (!row) return undefined;
  const key = `${id} ${arch}`;
  const known = built.get(key) ?? build(id, row, arch);
  built.set(key, known);
  return known;
}

/** Ids of all decoders, sorted. */
export function decoderIds(): readonly string[] {
  return Object.keys(rows().decoders).sort();
}

/**
 * A value in names: `CLONE_NEWNS | CLONE_NEWUTS`, `AF_ALG`. Bits without a name are added in hexadecimal, permission
 * bits in octal. Empty when nothing of the value has a name.
 */
export function describeValue(decoderId: string, value: bigint, arch?: ArchTable): string {
  const known = decoder(decoderId, arch);
  if (!known) return '';
  if (known.kind === 'enum') return named(known.values, value) ?? '';
  const mask = known.enumMask ?? 0n;
  const first = known.kind === 'mixed' ? named(choices(known), value & mask) : undefined;
  const { names, rest } = takeFlags(known, value & ~(first === undefined ? 0n : mask));
  const parts = [...(first === undefined ? [] : [first]), ...names];
  if (known.octal) return [...parts, ...(rest || parts.length === 0 ? [octal(rest)] : [])].join(' | ');
  if (parts.length === 0) return '';
  return rest ? [...parts, `0x${rest.toString(16)}`].join(' | ') : parts.join(' | ');
}

/** The values of a `mixed` decoder of which one holds; all of an `enum`; none of `flags`. */
export function choices(of: Decoder): readonly NamedValue[] {
  if (of.kind === 'enum') return of.values;
  const mask = of.enumMask ?? 0n;
  return of.kind === 'mixed' ? of.values.filter(({ value }) => (value & ~mask) === 0n) : [];
}

/** The values of a decoder that add up. */
export function flagsOf(of: Decoder): readonly NamedValue[] {
  const single = new Set(choices(of));
  return of.values.filter((value) => !single.has(value));
}

function build(id: string, row: Row, arch: ArchTable): Decoder {
  const own = Object.entries(row.by ?? {}).filter(([arches]) => arches.split(',').includes(arch));
  const values = Object.entries(Object.assign({}, row.v, ...own.map(([, changed]) => changed)) as Row['v']);
  const { texts } = rows();
  return {
    id,
    kind: row.kind,
    ...(row.mask !== undefined && { enumMask: BigInt(row.mask) }),
    ...(row.octal && { octal: true as const }),
    values: values
      .map(([name, value]) => ({ name, value: BigInt(value), ...(texts[name] && { text: texts[name] }) }))
      .sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0)),
  };
}

const octal = (value: bigint): string => `0${value.toString(8)}`;

const named = (values: readonly NamedValue[], value: bigint): string | undefined =>
  values.find((candidate) => candidate.value === value)?.name;

/** Takes the widest flags first, so that `O_SYNC` is not told as `O_DSYNC` and a rest. */
function takeFlags(of: Decoder, value: bigint): { readonly names: readonly string[]; readonly rest: bigint } {
  const flags = flagsOf(of).filter((flag) => flag.value !== 0n);
  const taken: NamedValue[] = [];
  let rest = value;
  for (const flag of flags.toSorted((a, b) => bitCount(b.value) - bitCount(a.value))) {
    if ((rest & flag.value) !== flag.value) continue;
    taken.push(flag);
    rest &= ~flag.value;
  }
  if (value === 0n && !of.octal && of.kind === 'flags') taken.push(...of.values.filter((flag) => flag.value === 0n));
  return { names: taken.toSorted((a, b) => (a.value < b.value ? -1 : 1)).map(({ name }) => name), rest };
}

function bitCount(value: bigint): number {
  let count = 0;
  for (let rest = value; rest; rest &= rest - 1n) count++;
  return count;
}
