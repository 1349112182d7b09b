import { editDistance, similar } from '../../catalog/index.ts';
import { dialectOf } from '../../policy/target.ts';
import { effectiveMember, type MemberView, type ObjectView } from '../../profile/model.ts';
import { isNoteKey, keySpec, type ObjectKind, SCHEMA } from '../../profile/schema.ts';
import type { CheckContext, Edit } from '../check.ts';
import { replaceNode } from '../edits.ts';

/** How messages name the objects of a profile. */
export const OBJECT_LABELS: Readonly<Record<ObjectKind, string>> = {
  profile: 'the profile',
  archMapEntry: 'an "archMap" entry',
  rule: 'a rule',
  condition: 'a condition',
  filter: '"includes" or "excludes"',
};

/** Words that people write for a key and that no spelling distance would find. */
const ALIASES: Readonly<Partial<Record<ObjectKind, Readonly<Record<string, string>>>>> = {
  profile: {
    arch: 'architectures',
    archs: 'architectures',
    arches: 'architectures',
    default: 'defaultAction',
    rules: 'syscalls',
  },
  archMapEntry: { arch: 'architecture', subarches: 'subArchitectures', subarchs: 'subArchitectures' },
  rule: { syscall: 'names', syscalls: 'names', conditions: 'args', arguments: 'args' },
  condition: {
    operator: 'op',
    cmp: 'op',
    comparator: 'op',
    argument: 'index',
    arg: 'index',
    value2: 'valueTwo',
    valuetwo: 'valueTwo',
  },
  filter: { capabilities: 'caps', architectures: 'arches', archs: 'arches', kernel: 'minKernel' },
};

/** What an unknown key may have been meant for: another spelling of a key of its object, or a key of other objects. */
export type KeyGuess =
  | { readonly kind: 'spelling'; readonly key: string }
  | { readonly kind: 'place'; readonly homes: readonly ObjectKind[] }
  | { readonly kind: 'none' };

/** Looks for what an unknown key is meant for. */
export function guessKey(kind: ObjectKind, key: string): KeyGuess {
  const plain = key.replace(/[_\-\s]/g, '');
  const exact = keySpec(kind, plain)?.key ?? aliasOf(kind, plain);
  if (exact) return { kind: 'spelling', key: exact };
  const own = SCHEMA[kind].map((spec) => spec.key);
  const near = similar(key, own, 1)[0];
  const homes = (Object.keys(SCHEMA) as ObjectKind[]).filter((other) => keySpec(other, plain));
  if (homes.length > 0 && !(near && editDistance(key, near, 1) <= 1)) return { kind: 'place', homes };
  return near && !OPPOSITES.has(key.toLowerCase()) ? { kind: 'spelling', key: near } : { kind: 'none' };
}

/** Near a key in spelling, far from it in meaning. */
const OPPOSITES: ReadonlySet<string> = new Set(['maxkernel']);

function aliasOf(kind: ObjectKind, key: string): string | undefined {
  const aliases = ALIASES[kind] ?? {};
  const folded = key.toLowerCase();
  return Object.hasOwn(aliases, folded) ? aliases[folded] : undefined;
}

/** The members whose key the object does not have, notes left out. A key without colon is still being typed. */
export function unknownMembers(view: ObjectView): readonly MemberView[] {
  return view.members.filter(
    ({ spec, member }) => !spec && member.colon !== undefined && member.key.closed && !isNoteKey(member.key.value),
  );
}

/** Whether an unknown key of the object looks like this one: what seems to be absent is misspelt, and told of there. */
export function isMisspelt(view: ObjectView, key: string): boolean {
  return unknownMembers(view).some(({ member }) => {
    const guess = guessKey(view.kind, member.key.value);
    return guess.kind === 'spelling' && guess.key === key;
  });
}

/** Whether a key has a value other than null, of whatever type. */
export function isPresent(view: ObjectView, key: string): boolean {
  const value = effectiveMember(view, key)?.member.value;
  return value !== undefined && value.kind !== 'null';
}

/** Keys that engines refuse together. */
const RIVALS: Readonly<Record<string, string>> = {
  archMap: 'architectures',
  architectures: 'archMap',
  name: 'names',
  names: 'name',
};

/** The key of an object that must not stand beside this one; empty it may. Readers of bare OCI look at one of the two only. */
export function rivalOf({ target }: CheckContext, view: ObjectView, key: string): string | undefined {
  const rival = RIVALS[key];
  if (rival === undefined || dialectOf(target.runtime) === 'oci') return undefined;
  const value = effectiveMember(view, rival)?.member.value;
  const isEmpty = !value || value.kind === 'null' || (value.kind === 'array' && value.items.length === 0);
  return isEmpty || (value.kind === 'string' && value.value === '') ? undefined : rival;
}

/** What keeps a key from being written into an object: it is there already, be it null, or another that it must not stand beside. */
export function obstacle(context: CheckContext, view: ObjectView, key: string): string | undefined {
  return effectiveMember(view, key) ? key : rivalOf(context, view, key);
}

/** Writes another key in front of a value. */
export function renameKey({ member }: MemberView, key: string): Edit {
  return replaceNode(member.key, JSON.stringify(key));
}

/** Whether crun refuses what is no text in a list of texts: it is an empty name to it, which it looks up there (crun: `src/libcrun/seccomp.c`, measured). */
export function isRefusedByCrun(key: string): boolean {
  return key === 'architectures' || key === 'flags';
}
