import type { Node, ObjectNode } from '../syntax/tree.ts';
import { type Decoder, emptyText, WRITTEN } from './decode.ts';
import type { MemberView, ObjectView, Text } from './model.ts';

/** What a program in Go holds by pointer, where null takes away what was there; a value stays as it was. */
export interface Pointers {
  /** The elements of these lists. */
  readonly lists: readonly ('syscalls' | 'args')[];
  /** `includes` and `excludes`. */
  readonly filters: boolean;
}

/**
 * How Go decodes a profile: each member into what the earlier ones of its key left. The elements of a list go into those that
 * stood at their place before, and keep of them what they do not set (Go: `encoding/json`; measured with runc 1.1.5,
 * Podman 4.3.1 and Docker 20.10.24).
 */
export function decoderOfGo(pointers: Pointers): Decoder {
  return {
    ...WRITTEN,
    texts: textsOf,
    objects: (view, key) => {
      const isPointer = pointers.lists.some((each) => each === key);
      return places<ObjectNode[]>(view, key, (item, layers = []) => {
        lay(item, layers, isPointer);
        return layers;
      }).flatMap((layers) => merged(layers) ?? []);
    },
    object: (view, key) => {
      const layers: ObjectNode[] = [];
      for (const value of valuesOf(view, key)) lay(value, layers, pointers.filters);
      return merged(layers);
    },
    isAsWritten: ({ members }) => !members.some(isUnderLayers) && !members.some(hasNullText),
    isInPlace: ({ members }) =>
      !members.some(isUnderLayers) && !members.some((member) => showsThrough(member, members)),
  };
}

/** A null among texts with another list below it. */
function showsThrough(member: MemberView, members: readonly MemberView[]): boolean {
  return hasNullText(member) && members.some(({ spec, effective }) => spec === member.spec && !effective);
}

/** Objects that others are put on top of; texts and numbers are gone with what replaces them. */
function isUnderLayers({ spec, effective, typed }: MemberView): boolean {
  return !effective && spec !== undefined && typed !== undefined && 'of' in spec.type;
}

function hasNullText({ spec, typed }: MemberView): boolean {
  return typed?.kind === 'array' && spec?.type.kind === 'strings' && typed.items.some(({ kind }) => kind === 'null');
}

/** Texts are values: a null leaves the one that stood at its place before, at first an empty one. */
function textsOf(view: ObjectView, key: string): readonly Text[] {
  return places<Text>(view, key, (item, before) => {
    if (item.kind === 'string') return { value: item.value, node: item };
    return before ?? (item.kind === 'null' ? emptyText(item) : undefined);
  });
}

/** Puts an object on top of those that were decoded before it; null takes all of them from a pointer. */
function lay(value: Node, layers: ObjectNode[], isPointer: boolean): void {
  if (value.kind === 'object') layers.push(value);
  else if (value.kind === 'null' && isPointer) layers.length = 0;
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
