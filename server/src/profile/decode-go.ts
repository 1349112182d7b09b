import type { Node, NullNode, ObjectNode } from '../syntax/tree.ts';
import { type Decoder, emptyText, WRITTEN } from './decode.ts';
import type { MemberView, ObjectView, Text } from './model.ts';
import type { Reader } from './schema.ts';

/** The types of a program in Go. What it holds by pointer null takes away; a value stays as it was. */
export interface Types {
  readonly dialect: Reader;
  /** Whether the elements of these lists are pointers. */
  readonly pointers: readonly ('syscalls' | 'args')[];
  /** Whether a rule has pointers to its `includes` and `excludes`. */
  readonly filters: boolean;
}

/**
 * How Go decodes a profile: each member into what the earlier ones of its key left. The elements of a list go into those that
 * stood at their place before, and keep of them what they do not set (Go: `encoding/json`; measured with runc 1.1.5,
 * Podman 4.3.1 and Docker 20.10.24).
 */
export function decoderOfGo({ dialect, pointers, filters }: Types): Decoder {
  const isPointer = (key: string): boolean => pointers.some((each) => each === key);
  const objectsAt = (view: ObjectView, key: string): readonly Layers[] =>
    places<Layers>(view, key, (item, layers) => lay(item, layers ?? [], isPointer(key)));
  const isRead = ({ spec }: MemberView): boolean => spec?.readers.includes(dialect) === true;
  const isInPlace = ({ members }: ObjectView): boolean =>
    !members.some((member) => isRead(member) && (isUnderLayers(member) || showsThrough(member, members)));
  return {
    ...WRITTEN,
    texts: textsOf,
    objects: (view, key) =>
      objectsAt(view, key).flatMap((layers) => {
        // a condition of which nothing is set: a rule that is null has no such place, it is refused at once
        const isEmpty = key === 'args' && !isPointer(key);
        return merged(layers) ?? (isEmpty && layers.hole ? emptyObject(layers.hole) : []);
      }),
    object: (view, key) => {
      const layers: Layers = [];
      for (const value of valuesOf(view, key)) lay(value, layers, filters);
      return merged(layers);
    },
    holes: (view, key) =>
      key === 'args' && !isPointer(key)
        ? []
        : objectsAt(view, key).flatMap((layers) => (layers.length === 0 ? (layers.hole ?? []) : [])),
    isAsWritten: (view) => isInPlace(view) && !view.members.some((member) => isRead(member) && hasNull(member)),
    isInPlace,
  };
}

/** Objects on top of each other, and the last null that came to their place. */
type Layers = ObjectNode[] & { hole?: NullNode };

/** A null among texts with another list below it. */
function showsThrough(member: MemberView, members: readonly MemberView[]): boolean {
  return hasNull(member) && members.some(({ spec, effective }) => spec === member.spec && !effective);
}

/** Objects that others are put on top of; texts and numbers are gone with what replaces them. */
function isUnderLayers({ spec, effective, typed }: MemberView): boolean {
  return !effective && spec !== undefined && typed !== undefined && 'of' in spec.type;
}

function hasNull({ typed }: MemberView): boolean {
  return typed?.kind === 'array' && typed.items.some(({ kind }) => kind === 'null');
}

/** Texts are values: a null leaves the one that stood at its place before, at first an empty one. */
function textsOf(view: ObjectView, key: string): readonly Text[] {
  return places<Text>(view, key, (item, before) => {
    if (item.kind === 'string') return { value: item.value, node: item };
    return before ?? (item.kind === 'null' ? emptyText(item) : undefined);
  });
}

/** Puts an object on top of those that were decoded before it; null takes all of them from a pointer. */
function lay(value: Node, layers: Layers, isPointer: boolean): Layers {
  if (value.kind === 'object') layers.push(value);
  if (value.kind === 'null') layers.hole = value;
  if (value.kind === 'null' && isPointer) layers.length = 0;
  return layers;
}

function emptyObject({ start, end }: NullNode): ObjectNode {
  return { kind: 'object', start, end, members: [], closed: true };
}

/** One object with the members of all layers in their order, at the place of the last one. */
function merged(layers: readonly ObjectNode[]): ObjectNode | undefined {
  const last = layers.at(-1);
  return last && layers.length > 1 ? { ...last, members: layers.flatMap(({ members }) => members) } : last;
}

/** What is at each place of a list once all values of its key are decoded. An empty list and null forget what was there. */
function places<T>(
  view: ObjectView,
  key: string,
  put: (item: Node, before: T | undefined) => T | undefined,
): readonly T[] {
  let held: (T | undefined)[] = [];
  let length = 0;
  for (const value of valuesOf(view, key)) {
    if (value.kind !== 'array' && value.kind !== 'null') continue;
    const items = value.kind === 'array' ? value.items : [];
    length = items.length;
    if (length === 0) held = [];
    items.forEach((item, i) => {
      held[i] = put(item, held[i]);
    });
  }
  return held.slice(0, length).filter((each) => each !== undefined);
}

/** The values that are decoded for a key, in their order. */
function valuesOf({ members }: ObjectView, key: string): readonly Node[] {
  return members.flatMap(({ spec, member }) => (spec?.key === key ? (member.value ?? []) : []));
}
