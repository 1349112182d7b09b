import type { ArrayNode, Member, Node, NumberNode, ObjectNode, StringNode, SyntaxTree } from '../syntax/tree.ts';
import type { KeySpec, ObjectKind } from './schema.ts';

/** A string of the profile and where it stands. */
export interface Text {
  readonly value: string;
  readonly node: StringNode;
}

/** An unsigned 64-bit number of the profile, exact. */
export interface Uint {
  readonly value: bigint;
  readonly node: NumberNode;
}

/** A member of an object, matched with the format's keys: as Go does, or as another program that reads it (`decode.ts`). */
export interface MemberView {
  readonly member: Member;
  /** Absent for a key that the format does not have. */
  readonly spec: KeySpec | undefined;
  /** False when another member with the same key replaces it. */
  readonly effective: boolean;
  /** The value, unless it is missing, null or of another type than the key takes. */
  readonly typed: Node | undefined;
}

/** An object of the profile, with its members. */
export interface ObjectView {
  readonly kind: ObjectKind;
  readonly node: ObjectNode;
  readonly members: readonly MemberView[];
}

export interface Condition {
  readonly view: ObjectView;
  /** Position in `args`. */
  readonly position: number;
  readonly index: Uint | undefined;
  readonly value: Uint | undefined;
  readonly valueTwo: Uint | undefined;
  readonly op: Text | undefined;
}

/** An `includes` or `excludes` object. */
export interface RuleFilter {
  readonly view: ObjectView;
  readonly caps: readonly Text[];
  readonly arches: readonly Text[];
  readonly minKernel: Text | undefined;
}

export interface Rule {
  readonly view: ObjectView;
  /** Position in `syscalls`. */
  readonly position: number;
  readonly names: readonly Text[];
  readonly name: Text | undefined;
  readonly action: Text | undefined;
  readonly errnoRet: Uint | undefined;
  readonly errno: Text | undefined;
  readonly conditions: readonly Condition[];
  readonly includes: RuleFilter | undefined;
  readonly excludes: RuleFilter | undefined;
  readonly comment: Text | undefined;
  /** Every program that reads JSON takes the same from it, see `isProfileReadAlike`. */
  readonly isReadAlike: boolean;
}

export interface ArchMapEntry {
  readonly view: ObjectView;
  readonly architecture: Text | undefined;
  readonly subArchitectures: readonly Text[];
}

/** The typed view of a profile. What is missing, null or of a wrong type is absent; lists are then empty. */
export interface Profile {
  readonly view: ObjectView;
  readonly defaultAction: Text | undefined;
  readonly defaultErrnoRet: Uint | undefined;
  readonly defaultErrno: Text | undefined;
  readonly architectures: readonly Text[];
  readonly archMap: readonly ArchMapEntry[];
  readonly flags: readonly Text[] | undefined;
  readonly listenerPath: Text | undefined;
  readonly listenerMetadata: Text | undefined;
  readonly rules: readonly Rule[];
  /** Every program that reads JSON takes the same from it, its rules included. */
  readonly isReadAlike: boolean;
}

/** What the root of the text is: a profile, a rule or a list of rules that stand alone, or something else. */
export type Shape = 'profile' | 'rule' | 'rules' | 'other';

/** A parsed document: what every feature takes. Immutable, until `editProfile` takes it over for the next version of the text. */
export interface ProfileDocument {
  readonly text: string;
  readonly tree: SyntaxTree;
  readonly shape: Shape;
  /** Present when the root is an object that is not a rule standing alone. */
  readonly profile: Profile | undefined;
  /** All rules, those of the profile or those that stand alone. */
  readonly rules: readonly Rule[];
  /** All objects of the format that were recognised: those outside of rules, then those of each rule. */
  readonly views: readonly ObjectView[];
  /** Objects by their node, to find the view around a cursor; in no order. */
  readonly viewOf: ReadonlyMap<Node, ObjectView>;
  readonly ruleOf: ReadonlyMap<Node, Rule>;
}

/** The recognised objects of a rule: itself, its conditions and its filters. */
export function viewsIn({ view, conditions, includes, excludes }: Rule): readonly ObjectView[] {
  const views = [view];
  for (const condition of conditions) views.push(condition.view);
  if (includes) views.push(includes.view);
  if (excludes) views.push(excludes.view);
  return views;
}

/** The recognised objects outside of all rules: the profile itself and its entries of `archMap`. */
export function viewsOutsideRules({
  profile,
}: {
  readonly profile: Pick<Profile, 'view' | 'archMap'> | undefined;
}): readonly ObjectView[] {
  return profile ? [profile.view, ...profile.archMap.map((entry) => entry.view)] : [];
}

/** The names that a rule is for: `names`, or the old `name` where `names` is empty; a `name` that is empty is none. */
export function ruleNames(rule: Rule): readonly Text[] {
  return rule.names.length > 0 ? rule.names : rule.name?.value ? [rule.name] : [];
}

/** The member that counts for a key: to Go the last one of that name, unless that is null where null changes nothing. */
export function effectiveMember({ members }: ObjectView, key: string): MemberView | undefined {
  // asked some twenty times for each rule of each version: a loop by index makes no iterator
  for (let i = 0; i < members.length; i++) {
    const member = members[i]!;
    if (member.spec?.key === key && member.effective) return member;
  }
  return undefined;
}

/** All members of a key, also those that others replace. */
export function membersOf({ members }: ObjectView, key: string): readonly Member[] {
  return members.flatMap(({ spec, member }) => (spec?.key === key ? member : []));
}

/** The array behind a key, when it is one. */
export function arrayOf(view: ObjectView, key: string): ArrayNode | undefined {
  const node = effectiveMember(view, key)?.typed;
  return node?.kind === 'array' ? node : undefined;
}
