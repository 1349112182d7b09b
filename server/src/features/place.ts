import type { Condition, MemberView, ObjectView, ProfileDocument, Rule, RuleFilter } from '../profile/model.ts';
import { type Member, type Node, type NumberNode, pathAt, type StringNode } from '../syntax/tree.ts';

/** A word of the profile with what it belongs to. */
export interface Place {
  readonly leaf: StringNode | NumberNode;
  readonly view: ObjectView;
  readonly member: MemberView;
  readonly isKey: boolean;
  readonly rule: Rule | undefined;
  readonly condition: Condition | undefined;
  /** With the key that it stands behind. */
  readonly filter: { readonly key: 'includes' | 'excludes'; readonly value: RuleFilter } | undefined;
}

/** The key, string or number at an offset; undefined elsewhere and in objects that the format does not have. */
export function placeAt(document: ProfileDocument, offset: number): Place | undefined {
  const path = pathAt(document.tree, offset);
  const leaf = path.at(-1);
  if (!leaf || !isWord(leaf)) return undefined;
  const at = path.findLastIndex((node) => !('kind' in node));
  const member = path[at] as Member | undefined;
  const owner = path[at - 1] as Node | undefined;
  const view = owner && document.viewOf.get(owner);
  const memberView = view?.members.find((candidate) => candidate.member === member);
  // deeper lists than the format has say nothing
  if (!view || !memberView || path.length - at > 3) return undefined;
  const rule = ruleAround(document, path);
  return {
    leaf,
    view,
    member: memberView,
    isKey: memberView.member.key === leaf,
    rule,
    condition: rule?.conditions.find((condition) => condition.view === view),
    filter: rule && filterOf(rule, view),
  };
}

function isWord(node: Node | Member): node is StringNode | NumberNode {
  return 'kind' in node && (node.kind === 'string' || node.kind === 'number');
}

function ruleAround(document: ProfileDocument, path: readonly (Node | Member)[]): Rule | undefined {
  for (const node of path) {
    const rule = 'kind' in node && document.ruleOf.get(node);
    if (rule) return rule;
  }
  return undefined;
}

function filterOf(rule: Rule, view: ObjectView): Place['filter'] {
  if (rule.includes?.view === view) return { key: 'includes', value: rule.includes };
  return rule.excludes?.view === view ? { key: 'excludes', value: rule.excludes } : undefined;
}
