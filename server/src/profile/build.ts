import { parse } from '../syntax/parse.ts';
import type { Node, ObjectNode } from '../syntax/tree.ts';
import { type Decoder, itemKind, objectsIn, readUint, WRITTEN } from './decode.ts';
import {
  type ArchMapEntry,
  arrayOf,
  type Condition,
  effectiveMember,
  type ObjectView,
  type Profile,
  type ProfileDocument,
  type Rule,
  type RuleFilter,
  type Shape,
  type Text,
  type Uint,
  viewsIn,
  viewsOutsideRules,
} from './model.ts';
import { foldKey, type ObjectKind } from './schema.ts';

/** Parses a text and builds its typed view. Never throws; linear in the text. */
export function parseProfile(text: string): ProfileDocument {
  const tree = parse(text);
  const { root } = tree;
  const shape = shapeOf(root);
  const profile = root?.kind === 'object' && shape === 'profile' ? profileFrom(root) : undefined;
  const rules = profile?.rules ?? bareRules(root, shape);
  const views = [...viewsOutsideRules({ profile }), ...rules.flatMap(viewsIn)];
  const viewOf = new Map(views.map((view) => [view.node, view]));
  const ruleOf = new Map(rules.map((rule) => [rule.view.node, rule]));
  return { text, tree, shape, profile, rules, views, viewOf, ruleOf };
}

/** A rule that stands alone has `action` and a name, and none of the profile's own keys. */
function shapeOf(root: Node | undefined): Shape {
  if (root?.kind === 'object') return isBareRule(root) ? 'rule' : 'profile';
  if (root?.kind === 'array' && root.items[0]?.kind === 'object' && isBareRule(root.items[0])) return 'rules';
  return 'other';
}

function isBareRule(node: ObjectNode): boolean {
  const keys = new Set(node.members.map((m) => foldKey(m.key.value)));
  const own = ['defaultaction', 'syscalls', 'archmap', 'architectures'].some((key) => keys.has(key));
  return !own && keys.has('action') && (keys.has('name') || keys.has('names'));
}

/** The typed view of a profile, with what a program takes from it. */
export function profileFrom(node: ObjectNode, by: Decoder = WRITTEN): Profile {
  const view = viewFrom('profile', node, by);
  const written = {
    view,
    defaultAction: textOf(view, 'defaultAction'),
    defaultErrnoRet: uintOf(view, 'defaultErrnoRet', by),
    defaultErrno: textOf(view, 'defaultErrno'),
    architectures: by.texts(view, 'architectures'),
    archMap: by.objects(view, 'archMap').map((entry) => archMapEntryFrom(entry, by)),
    flags: arrayOf(view, 'flags') && by.texts(view, 'flags'),
    listenerPath: textOf(view, 'listenerPath'),
    listenerMetadata: textOf(view, 'listenerMetadata'),
    rules: by.objects(view, 'syscalls').map((rule, position) => ruleFrom(rule, position, by)),
  };
  return { ...written, isReadAlike: isProfileReadAlike(written) };
}

function bareRules(root: Node | undefined, shape: Shape): readonly Rule[] {
  if (root?.kind === 'object' && shape === 'rule') return [ruleFrom(root, 0)];
  if (root?.kind !== 'array' || shape !== 'rules') return [];
  return objectsIn(root.items).map((rule, position) => ruleFrom(rule, position));
}

/** The typed view of one rule, with what a program takes from it. */
export function ruleFrom(node: ObjectNode, position: number, by: Decoder = WRITTEN): Rule {
  const view = viewFrom('rule', node, by);
  const conditions = by.objects(view, 'args').map((condition, index) => conditionFrom(condition, index, by));
  const includes = filterFrom(view, 'includes', by);
  const excludes = filterFrom(view, 'excludes', by);
  const isReadAlike =
    isViewReadAlike(view) &&
    conditions.every((condition) => isViewReadAlike(condition.view)) &&
    (!includes || isViewReadAlike(includes.view)) &&
    (!excludes || isViewReadAlike(excludes.view));
  return {
    view,
    position,
    names: by.texts(view, 'names'),
    name: textOf(view, 'name'),
    action: textOf(view, 'action'),
    errnoRet: uintOf(view, 'errnoRet', by),
    errno: textOf(view, 'errno'),
    conditions,
    includes,
    excludes,
    comment: textOf(view, 'comment'),
    isReadAlike,
  };
}

/** Whether every program takes the same from a profile: what is outside of its rules, and each of these. */
export function isProfileReadAlike(profile: Pick<Profile, 'view' | 'archMap' | 'rules'>): boolean {
  return viewsOutsideRules({ profile }).every(isViewReadAlike) && profile.rules.every((rule) => rule.isReadAlike);
}

/**
 * Whether programs take the same from an object, or nothing, as from a value of a wrong type: each key of the format stands once, spelt right, with a number
 * that Go reads and no list that holds something else than it should. A loop by index, since it is asked of all.
 */
function isViewReadAlike({ members }: ObjectView): boolean {
  for (let i = 0; i < members.length; i++) {
    const { spec, member, effective, typed } = members[i]!;
    if (!spec) continue;
    if (!effective || spec.key !== member.key.value) return false;
    if (typed?.kind === 'number' && readUint(typed.text) === undefined) return false;
    if (typed?.kind === 'array' && !areAll(itemKind(spec.type), typed.items)) return false;
  }
  return true;
}

function areAll(kind: Node['kind'], items: readonly Node[]): boolean {
  for (let i = 0; i < items.length; i++) if (items[i]!.kind !== kind) return false;
  return true;
}

function archMapEntryFrom(node: ObjectNode, by: Decoder): ArchMapEntry {
  const view = viewFrom('archMapEntry', node, by);
  return { view, architecture: textOf(view, 'architecture'), subArchitectures: by.texts(view, 'subArchitectures') };
}

function conditionFrom(node: ObjectNode, position: number, by: Decoder): Condition {
  const view = viewFrom('condition', node, by);
  return {
    view,
    position,
    index: uintOf(view, 'index', by),
    value: uintOf(view, 'value', by),
    valueTwo: uintOf(view, 'valueTwo', by),
    op: textOf(view, 'op'),
  };
}

function filterFrom(rule: ObjectView, key: 'includes' | 'excludes', by: Decoder): RuleFilter | undefined {
  const node = by.object(rule, key);
  if (!node) return undefined;
  const view = viewFrom('filter', node, by);
  return { view, caps: by.texts(view, 'caps'), arches: by.texts(view, 'arches'), minKernel: textOf(view, 'minKernel') };
}

function viewFrom(kind: ObjectKind, node: ObjectNode, by: Decoder): ObjectView {
  return { kind, node, members: by.members(kind, node) };
}

function textOf(view: ObjectView, key: string): Text | undefined {
  const node = effectiveMember(view, key)?.typed;
  return node?.kind === 'string' ? { value: node.value, node } : undefined;
}

function uintOf(view: ObjectView, key: string, by: Decoder): Uint | undefined {
  const node = effectiveMember(view, key)?.typed;
  if (node?.kind !== 'number') return undefined;
  const value = by.uint(node.text);
  return value === undefined ? undefined : { value, node };
}
