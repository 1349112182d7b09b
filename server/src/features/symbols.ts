import { comparisonOf, isSplit } from '../checks/arguments/conditions.ts';
import { testInWords } from '../policy/words.ts';
import {
  type ArchMapEntry,
  type MemberView,
  type Profile,
  type ProfileDocument,
  type Rule,
  ruleNames,
} from '../profile/model.ts';
import type { Node, Span } from '../syntax/tree.ts';

/** An entry of the outline. */
export interface OutlineSymbol {
  /** Never empty. */
  readonly name: string;
  readonly detail: string;
  readonly kind: 'setting' | 'list' | 'rule' | 'architecture';
  readonly span: Span;
  /** What is selected when the entry is chosen; lies in `span`. */
  readonly selection: Span;
  readonly children: readonly OutlineSymbol[];
}

/** Further names are only counted. */
const MOST_NAMES = 3;

/** The outline: the profile's parts in the order of the text with the rules in them, or the rules that stand alone. */
export function symbols(document: ProfileDocument): readonly OutlineSymbol[] {
  const { profile } = document;
  if (!profile) return document.rules.map(ruleSymbol);
  return profile.view.members.flatMap((view) => (view.effective ? partSymbol(profile, view) : []));
}

function partSymbol(profile: Profile, { member, spec }: MemberView): readonly OutlineSymbol[] {
  if (!spec || !member.value) return [];
  return [
    {
      name: spec.key,
      detail: detailOf(member.value),
      kind: member.value.kind === 'array' ? 'list' : 'setting',
      span: spanOf(member),
      selection: spanOf(member.key),
      children: childrenOf(profile, spec.key),
    },
  ];
}

function childrenOf(profile: Profile, key: string): readonly OutlineSymbol[] {
  if (key === 'syscalls') return profile.rules.map(ruleSymbol);
  return key === 'archMap' ? profile.archMap.flatMap(architectureSymbol) : [];
}

function detailOf(value: Node): string {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'number':
      return value.text;
    case 'array':
      return value.items.every((item) => item.kind === 'string')
        ? value.items.map((item) => item.value).join(', ')
        : `${value.items.length}`;
    default:
      return '';
  }
}

/** `ALLOW read, write, open, … (312)`, with its conditions as detail. */
function ruleSymbol(rule: Rule): OutlineSymbol {
  const { node } = rule.view;
  return {
    name: `${actionOf(rule)} ${namesOf(rule)}`,
    detail: [conditionsOf(rule), rule.comment?.value].filter(Boolean).join(' — '),
    kind: 'rule',
    span: spanOf(node),
    selection: { start: node.start, end: node.start + 1 },
    children: [],
  };
}

function actionOf({ action }: Rule): string {
  return action?.value.replace(/^SCMP_ACT_/, '') || '(no action)';
}

function namesOf(rule: Rule): string {
  const names = ruleNames(rule).map(({ value }) => value);
  const shown = names.slice(0, MOST_NAMES).join(', ');
  if (names.length === 0) return '(no names)';
  return names.length > MOST_NAMES ? `${shown}, … (${names.length})` : shown;
}

function conditionsOf(rule: Rule): string {
  const name = ruleNames(rule)[0]?.value ?? '';
  const tests = rule.conditions.flatMap((condition) => comparisonOf(condition) ?? []);
  return tests.map((test) => testInWords(test, name)).join(isSplit(rule) ? ' or ' : ' and ');
}

function architectureSymbol({ view, architecture, subArchitectures }: ArchMapEntry): readonly OutlineSymbol[] {
  if (!architecture?.value.trim()) return [];
  return [
    {
      name: architecture.value,
      detail: subArchitectures.map(({ value }) => value).join(', '),
      kind: 'architecture',
      span: spanOf(view.node),
      selection: spanOf(architecture.node),
      children: [],
    },
  ];
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}
