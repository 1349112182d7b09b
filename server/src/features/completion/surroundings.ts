import { type ArchTable, architecture } from '../../catalog/index.ts';
import type { Analysis } from '../../checks/analyse.ts';
import { coveredArchitectures } from '../../policy/resolve.ts';
import { type Condition, type Rule, ruleNames, type Text } from '../../profile/model.ts';
import type { ObjectKind } from '../../profile/schema.ts';
import type { Node, ObjectNode } from '../../syntax/tree.ts';
import type { Cursor } from '../context.ts';

/** The innermost object of a kind around the cursor. */
export function scopeOf(cursor: Cursor, kind: ObjectKind): ObjectNode | undefined {
  return cursor.scopes.findLast((scope) => scope.kind === kind)?.node;
}

/** The rule around the cursor; undefined outside of rules and where a later duplicate key hides it. */
export function ruleAt(analysis: Analysis, cursor: Cursor): Rule | undefined {
  const node = scopeOf(cursor, 'rule');
  return node && analysis.document.ruleOf.get(node);
}

/** The condition around the cursor. */
export function conditionAt(analysis: Analysis, cursor: Cursor): Condition | undefined {
  const node = scopeOf(cursor, 'condition');
  return ruleAt(analysis, cursor)?.conditions.find((condition) => condition.view.node === node);
}

/** The syscalls of the rule around the cursor; empty outside of rules. */
export function namesAt(analysis: Analysis, cursor: Cursor): readonly string[] {
  const rule = ruleAt(analysis, cursor);
  return rule ? ruleNames(rule).map((name) => name.value) : [];
}

/** The table of the target's own architecture. */
export function nativeTable(analysis: Analysis): ArchTable {
  return architecture(analysis.target.architecture)?.table ?? 'x86_64';
}

/** The tables that the profile covers on the target, the native one first. */
export function tablesOf(analysis: Analysis): readonly ArchTable[] {
  const { document, target } = analysis;
  const covered = document.profile ? coveredArchitectures(document.profile, target) : [];
  return covered.length > 0 ? covered.map((arch) => arch.table) : [nativeTable(analysis)];
}

/** The values of a list except the one under the cursor. */
export function othersThan(token: Node | undefined, texts: readonly Text[]): ReadonlySet<string> {
  const others = new Set<string>();
  for (const { node, value } of texts) if (node !== token) others.add(value);
  return others;
}

/** The first sentence of Markdown as plain text. */
export function firstSentence(markdown: string): string {
  const sentence = /^.*?[.](?=\s|$)/s.exec(markdown)?.[0] ?? markdown;
  return sentence.replaceAll(/[`*]/g, '').replace(/\.$/, '');
}
