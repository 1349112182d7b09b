import { parse } from '../syntax/parse.ts';
import type { Member, Node, ObjectNode } from '../syntax/tree.ts';
import {
  type ArchMapEntry,
  arrayOf,
  type Condition,
  effectiveMember,
  type MemberView,
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
import { foldKey, type KeySpec, keySpec, type ObjectKind, type ValueType } from './schema.ts';

const MAX_UINT64 = 2n ** 64n - 1n;

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

/** Reads a JSON number as Go reads it into a uint64: digits only, 0 to 2^64-1; undefined for anything else. */
export function readUint(text: string): bigint | undefined {
  if (!/^(0|[1-9][0-9]{0,19})$/.test(text)) return undefined;
  const value = BigInt(text);
  return value <= MAX_UINT64 ? value : undefined;
}

function profileFrom(node: ObjectNode): Profile {
  const view = viewFrom('profile', node);
  return {
    view,
    defaultAction: textOf(view, 'defaultAction'),
    defaultErrnoRet: uintOf(view, 'defaultErrnoRet'),
    defaultErrno: textOf(view, 'defaultErrno'),
    architectures: textsOf(view, 'architectures'),
    archMap: objectsOf(view, 'archMap').map(archMapEntryFrom),
    flags: arrayOf(view, 'flags') && textsOf(view, 'flags'),
    listenerPath: textOf(view, 'listenerPath'),
    listenerMetadata: textOf(view, 'listenerMetadata'),
    rules: objectsOf(view, 'syscalls').map(ruleFrom),
  };
}

function bareRules(root: Node | undefined, shape: Shape): readonly Rule[] {
  if (root?.kind === 'object' && shape === 'rule') return [ruleFrom(root, 0)];
  return root?.kind === 'array' && shape === 'rules' ? objects(root.items).map(ruleFrom) : [];
}

/** The typed view of one rule. */
export function ruleFrom(node: ObjectNode, position: number): Rule {
  const view = viewFrom('rule', node);
  return {
    view,
    position,
    names: textsOf(view, 'names'),
    name: textOf(view, 'name'),
    action: textOf(view, 'action'),
    errnoRet: uintOf(view, 'errnoRet'),
    errno: textOf(view, 'errno'),
    conditions: objectsOf(view, 'args').map(conditionFrom),
    includes: filterFrom(view, 'includes'),
    excludes: filterFrom(view, 'excludes'),
    comment: textOf(view, 'comment'),
  };
}

function archMapEntryFrom(node: ObjectNode): ArchMapEntry {
  const view = viewFrom('archMapEntry', node);
  return { view, architecture: textOf(view, 'architecture'), subArchitectures: textsOf(view, 'subArchitectures') };
}

function conditionFrom(node: ObjectNode, position: number): Condition {
  const view = viewFrom('condition', node);
  return {
    view,
    position,
    index: uintOf(view, 'index'),
    value: uintOf(view, 'value'),
    valueTwo: uintOf(view, 'valueTwo'),
    op: textOf(view, 'op'),
  };
}

function filterFrom(rule: ObjectView, key: 'includes' | 'excludes'): RuleFilter | undefined {
  const node = effectiveMember(rule, key)?.typed;
  if (node?.kind !== 'object') return undefined;
  const view = viewFrom('filter', node);
  return { view, caps: textsOf(view, 'caps'), arches: textsOf(view, 'arches'), minKernel: textOf(view, 'minKernel') };
}

function viewFrom(kind: ObjectKind, node: ObjectNode): ObjectView {
  return { kind, node, members: memberViews(kind, node) };
}

/** The last member of a key counts (Go: `encoding/json`), except that null leaves what was there. */
function memberViews(kind: ObjectKind, node: ObjectNode): readonly MemberView[] {
  const winners = new Map<KeySpec | string, Member>();
  const named = node.members.map((member) => {
    const key = member.key.value;
    const spec = keySpec(kind, key);
    const identity = spec ?? foldKey(key);
    if (member.value && member.value.kind !== 'null') winners.set(identity, member);
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

function textOf(view: ObjectView, key: string): Text | undefined {
  const node = effectiveMember(view, key)?.typed;
  return node?.kind === 'string' ? { value: node.value, node } : undefined;
}

function uintOf(view: ObjectView, key: string): Uint | undefined {
  const node = effectiveMember(view, key)?.typed;
  if (node?.kind !== 'number') return undefined;
  const value = readUint(node.text);
  return value === undefined ? undefined : { value, node };
}

function textsOf(view: ObjectView, key: string): readonly Text[] {
  const texts: Text[] = [];
  arrayOf(view, key)?.items.forEach((node) => {
    if (node.kind === 'string') texts.push({ value: node.value, node });
  });
  return texts;
}

function objectsOf(view: ObjectView, key: string): readonly ObjectNode[] {
  return objects(arrayOf(view, key)?.items ?? []);
}

function objects(items: readonly Node[]): readonly ObjectNode[] {
  return items.filter((item) => item.kind === 'object');
}
