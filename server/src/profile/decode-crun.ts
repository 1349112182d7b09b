import { type Decoder, emptyText, membersBy, readUint, WRITTEN } from './decode.ts';
import { arrayOf, type MemberView, type ObjectView } from './model.ts';
import { exactKeySpec } from './schema.ts';

/**
 * How crun reads a profile that it is given directly: it sees keys to the letter alone, and skips what has another type than
 * it wants. A number below zero is taken for what it is in 64 bits without a sign (crun: libocispec's `json_common.c`,
 * measured with 1.8.1).
 */
const CRUN: Decoder = {
  ...WRITTEN,
  texts: (view, key) =>
    (arrayOf(view, key)?.items ?? []).map((node) =>
      node.kind === 'string' ? { value: node.value, node } : emptyText(node),
    ),
  uint: (text) => unsigned(text, inRange),
  isAsWritten: (view) => isInPlace(view) && !view.members.some(hasStrangeText),
  isInPlace,
};

/** With yajl the first member of a key counts. */
export const CRUN_WITH_YAJL: Decoder = {
  ...CRUN,
  members: (kind, node) =>
    membersBy(node, { specOf: exactKeySpec, kind, replaces: (_value, _spec, before) => !before }),
};

/** With json-c the last one does, null as well (json-c: `json_object.c`). */
export const CRUN_WITH_JSON_C: Decoder = {
  ...CRUN,
  uint: (text) => unsigned(text, saturated),
  members: (kind, node) => membersBy(node, { specOf: exactKeySpec, kind, replaces: () => true }),
};

/** What is no text in a list of them is an empty one. */
function hasStrangeText({ spec, typed }: MemberView): boolean {
  return typed?.kind === 'array' && spec?.type.kind === 'strings' && typed.items.some(({ kind }) => kind !== 'string');
}

function isInPlace({ members }: ObjectView): boolean {
  return members.every(
    (member) => !member.spec?.readers.includes('oci') || (member.effective && isExact(member) && isPlainNumber(member)),
  );
}

function isExact({ spec, member }: MemberView): boolean {
  return spec?.key === member.key.value;
}

function isPlainNumber({ typed }: MemberView): boolean {
  return typed?.kind !== 'number' || readUint(typed.text) !== undefined;
}

function unsigned(text: string, limit: (value: bigint) => bigint | undefined): bigint | undefined {
  const value = /^-?\d+$/.test(text) ? limit(BigInt(text)) : undefined;
  return value === undefined ? undefined : BigInt.asUintN(64, value);
}

/** C's `strtoull` refuses what has more than 64 bits without its sign. */
function inRange(value: bigint): bigint | undefined {
  return value > -(2n ** 64n) && value < 2n ** 64n ? value : undefined;
}

/** json-c cuts what is too large or too small before (json-c: `json_tokener.c`). */
function saturated(value: bigint): bigint {
  if (value < -(2n ** 63n)) return -(2n ** 63n);
  return value < 2n ** 64n ? value : 2n ** 64n - 1n;
}
