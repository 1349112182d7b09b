import type { Member, Node, ObjectNode, Span } from '../syntax/tree.ts';
import { arrayOf, effectiveMember, type MemberView, type ObjectView, type Text } from './model.ts';
import { foldKey, isEmptiedByNull, type KeySpec, keySpec, type ObjectKind, type ValueType } from './schema.ts';

/** How a program gets from the members of JSON objects to values. It differs where a key stands twice, or null somewhere. */
export interface Decoder {
  /** All members of an object, matched with keys. */
  readonly members: (kind: ObjectKind, node: ObjectNode) => readonly MemberView[];
  readonly texts: (view: ObjectView, key: string) => readonly Text[];
  readonly objects: (view: ObjectView, key: string) => readonly ObjectNode[];
  readonly object: (view: ObjectView, key: string) => ObjectNode | undefined;
  /** The nulls in a list of objects that are left when all is decoded, and that the program does not get over. */
  readonly holes: (view: ObjectView, key: string) => readonly Node[];
  /** A number as an unsigned one of 64 bits; undefined where the program reads none. */
  readonly uint: (text: string) => bigint | undefined;
  /** Whether it takes from an object what {@link WRITTEN} does. */
  readonly isAsWritten: (view: ObjectView) => boolean;
  /** The same, but for a null that is read as an empty text: no value is from another place than where it is looked for. */
  readonly isInPlace: (view: ObjectView) => boolean;
}

/**
 * The document as it is written: keys are matched and members count as Go has it, and each list and object is what stands
 * in one place. Editors need it so; what a program takes from it tells `policy/as-read.ts`.
 */
export const WRITTEN: Decoder = {
  members: (kind, node) => membersBy(node, { specOf: keySpec, kind, replaces: replacesInGo }),
  texts: (view, key) => {
    const texts: Text[] = [];
    for (const node of arrayOf(view, key)?.items ?? [])
      if (node.kind === 'string') texts.push({ value: node.value, node });
    return texts;
  },
  objects: (view, key) => objectsIn(arrayOf(view, key)?.items ?? []),
  object: (view, key) => {
    const node = effectiveMember(view, key)?.typed;
    return node?.kind === 'object' ? node : undefined;
  },
  holes: () => [],
  uint: readUint,
  isAsWritten: () => true,
  isInPlace: () => true,
};

/** Whether a value takes the place of what an earlier member of its key set (Go: `encoding/json`). */
function replacesInGo(value: Node, spec: KeySpec | undefined, before: Member | undefined): boolean {
  if (value.kind === 'null') return spec !== undefined && isEmptiedByNull(spec);
  // Docker's type for it takes an empty text for nothing to decode (moby: `profiles/seccomp/seccomp.go`)
  return !(before && spec?.key === 'minKernel' && value.kind === 'string' && value.value === '');
}

interface Matching {
  readonly kind: ObjectKind;
  readonly specOf: (kind: ObjectKind, key: string) => KeySpec | undefined;
  /** Whether a value counts instead of the one before, where there is one. */
  readonly replaces: (value: Node, spec: KeySpec | undefined, before: Member | undefined) => boolean;
}

/** The members of an object, matched with keys. */
export function membersBy(node: ObjectNode, { kind, specOf, replaces }: Matching): readonly MemberView[] {
  const winners = new Map<KeySpec | string, Member>();
  const named = node.members.map((member) => {
    const key = member.key.value;
    const spec = specOf(kind, key);
    const identity = spec ?? foldKey(key);
    if (member.value && replaces(member.value, spec, winners.get(identity))) winners.set(identity, member);
    return { member, spec, identity };
  });
  return named.map(({ member, spec, identity }) => {
    const winner = winners.get(identity) ?? member;
    return { member, spec, effective: winner === member, typed: typed(spec, member.value) };
  });
}

function typed(spec: KeySpec | undefined, value: Node | undefined): Node | undefined {
  return spec && value && hasType(spec.type, value) ? value : undefined;
}

/** The empty text that stands for something else in a list of texts. */
export function emptyText({ start, end }: Span): Text {
  return { value: '', node: { kind: 'string', value: '', start, end, closed: true } };
}

export function objectsIn(items: readonly Node[]): readonly ObjectNode[] {
  return items.filter((item) => item.kind === 'object');
}

const MAX_UINT64 = 2n ** 64n - 1n;

/** Reads a JSON number as Go reads it into a uint64: digits only, 0 to 2^64-1; undefined for anything else. */
export function readUint(text: string): bigint | undefined {
  if (!/^(0|[1-9][0-9]{0,19})$/.test(text)) return undefined;
  const value = BigInt(text);
  return value <= MAX_UINT64 ? value : undefined;
}

/** Whether a value has the JSON type that a key takes; the elements of arrays are looked at one by one elsewhere. */
export function hasType(type: ValueType, value: Node): boolean {
  switch (type.kind) {
    case 'string':
      return value.kind === 'string';
    case 'uint':
      return value.kind === 'number';
    case 'strings':
    case 'objects':
      return value.kind === 'array';
    case 'object':
      return value.kind === 'object';
  }
}

/** The JSON type of the elements of an array behind a key. */
export function itemKind(type: ValueType): 'object' | 'string' {
  return type.kind === 'objects' ? 'object' : 'string';
}

/** Whether a value has the JSON type that a key takes, and so has each element of an array. */
export function hasTypeThroughout(type: ValueType, value: Node): boolean {
  return hasType(type, value) && (value.kind !== 'array' || value.items.every(({ kind }) => kind === itemKind(type)));
}
