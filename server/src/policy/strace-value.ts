import { type ArchTable, type Argument, decoder, decoderIds, describeValue, similar } from '../catalog/index.ts';

/** A value as it was given: a number, something that only the program's memory tells, or a word that nobody knows. */
export type GivenValue =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'error'; readonly message: string };

const UNKNOWN: GivenValue = { kind: 'unknown' };

/**
 * Reads an argument as strace prints it: `O_RDONLY|O_CLOEXEC`, `0x7f`, `0644`, `-1`, `NULL`, `3</dev/null>`, `1<<3`. Texts,
 * structs and lists are pointers, whose value is unknown. Negative numbers fill the width that the kernel looks at.
 */
export function readValue(text: string, argument: Argument | undefined, table: ArchTable, bits: 32 | 64): GivenValue {
  const bare = withoutComments(text).trim();
  if (/^(?:["'{[~@&]|\.\.\.|_$|\?|$)/.test(bare)) return UNKNOWN;
  let value = 0n;
  for (const part of bare.split('|')) {
    const found = readTerm(part.trim(), argument, table);
    if (found.kind !== 'number') return found;
    value |= found.value;
  }
  const width = bits === 32 || argument?.bits === 32 ? 32 : 64;
  if (value > 0xffffffffn && bits === 64) return { kind: 'number', value: BigInt.asUintN(64, value) };
  return { kind: 'number', value: BigInt.asUintN(width, value) };
}

function withoutComments(text: string): string {
  let bare = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf('/*', from);
    const end = start < 0 ? start : text.indexOf('*/', start + 2);
    if (end < 0) return bare + text.slice(from);
    bare += text.slice(from, start);
    from = end + 2;
  }
}

function readTerm(text: string, argument: Argument | undefined, table: ArchTable): GivenValue {
  const shift = /^(\w+)\s*<<\s*(\w+)$/.exec(text);
  if (shift) return shifted(readTerm(shift[1]!, argument, table), readTerm(shift[2]!, argument, table));
  // strace -y names the file behind a descriptor: 3</etc/passwd>
  const word = /^([^<]+)<.*>$/.exec(text)?.[1] ?? text;
  return readNumber(word) ?? (/^[A-Za-z_]\w*$/.test(word) ? readName(word, argument, table) : unreadable(text));
}

function shifted(one: GivenValue, by: GivenValue): GivenValue {
  if (one.kind !== 'number') return one;
  if (by.kind !== 'number') return by;
  return { kind: 'number', value: by.value < 64n ? one.value << by.value : 0n };
}

function unreadable(text: string): GivenValue {
  return { kind: 'error', message: `"${text}" is neither a number nor the name of a value` };
}

/** C's numbers; NULL is one of them. Undefined for anything else, and for numbers of more than 64 bits. */
function readNumber(text: string): GivenValue | undefined {
  if (text === 'NULL') return { kind: 'number', value: 0n };
  const found = /^(-?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)[uUlL]{0,3}$/.exec(text);
  if (!found) return undefined;
  const digits = found[2]!;
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (magnitude > 0xffffffffffffffffn) return { kind: 'error', message: `${text} has more than 64 bits` };
  return { kind: 'number', value: found[1] ? -magnitude : magnitude };
}

function readName(word: string, argument: Argument | undefined, table: ArchTable): GivenValue {
  const own = argument?.decoder && valueIn(argument.decoder, word, table);
  if (typeof own === 'bigint') return { kind: 'number', value: own };
  const anywhere = valueAnywhere(word, table);
  if (anywhere !== undefined) return { kind: 'number', value: anywhere };
  if (!argument?.decoder) return UNKNOWN;
  const names = decoder(argument.decoder, table)?.values.map(({ name }) => name) ?? [];
  const near = similar(word, names, 1)[0];
  const hint = near ? `; did you mean ${near}?` : '';
  return { kind: 'error', message: `"${word}" is not a known value of "${argument.name}"${hint}` };
}

/** strace joins the private flag of a futex operation with its name. */
const PRIVATE = /^(FUTEX_\w+)_PRIVATE$/;

function valueIn(id: string, word: string, table: ArchTable): bigint | undefined {
  const values = decoder(id, table)?.values ?? [];
  const plain = values.find(({ name }) => name === word)?.value;
  if (plain !== undefined) return plain;
  const operation = id === 'futex' ? PRIVATE.exec(word)?.[1] : undefined;
  const [base, flag] = [operation, 'FUTEX_PRIVATE_FLAG'].map((n) => values.find(({ name }) => name === n)?.value);
  return base === undefined || flag === undefined ? undefined : base | flag;
}

/** A constant that other arguments know by one value; undefined where they disagree. */
function valueAnywhere(word: string, table: ArchTable): bigint | undefined {
  const found = new Set(decoderIds().flatMap((id) => valueIn(id, word, table) ?? []));
  return found.size === 1 ? [...found][0] : undefined;
}

/** A value as {@link readValue} takes it: by its names where they tell all of it, else as a number. */
export function writeValue(value: bigint, argument: Argument | undefined, table: ArchTable): string {
  const names = argument?.decoder ? describeValue(argument.decoder, value, table) : '';
  const written = names.replaceAll(' | ', '|');
  if (/^[\w|]+$/.test(written)) return written;
  return value > 0xffffn ? `0x${value.toString(16)}` : String(value);
}
