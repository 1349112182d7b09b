import { action } from '../../catalog/index.ts';
import type { ProfileDocument, Rule } from '../../profile/model.ts';
import type { Node } from '../../syntax/tree.ts';
import type { Edit } from '../check.ts';
import { replaceNode } from '../edits.ts';
import { indentation, lineBreak } from '../text/layout.ts';

/** The default that makes sense of a list of rules: deny the rest where they mostly permit, else allow it. */
export function complementaryDefault(rules: readonly Rule[]): string {
  const known = rules.flatMap((rule) => (rule.action ? (action(rule.action.value) ?? []) : []));
  const permitting = known.filter((term) => term.permits).length;
  return permitting * 2 > known.length ? 'SCMP_ACT_ERRNO' : 'SCMP_ACT_ALLOW';
}

/** Makes a rule, or a list of rules, that stands alone the `syscalls` of a profile, a level deeper. */
export function encloseInProfile({ text }: ProfileDocument, root: Node, defaultAction: string): readonly Edit[] {
  const inner = text.slice(root.start, root.end);
  if (!inner.includes('\n')) {
    const rules = root.kind === 'array' ? inner : `[${inner}]`;
    return [replaceNode(root, `{ "defaultAction": "${defaultAction}", "syscalls": ${rules} }`)];
  }
  const eol = lineBreak(text);
  const unit = indentUnit(text, root);
  const deeper = inner.replace(/\n(?=[^\r\n])/g, `\n${root.kind === 'array' ? unit : unit + unit}`);
  const rules = root.kind === 'array' ? deeper : ['[', `${unit}${unit}${deeper}`, `${unit}]`].join(eol);
  return [
    replaceNode(
      root,
      ['{', `${unit}"defaultAction": "${defaultAction}",`, `${unit}"syscalls": ${rules}`, '}'].join(eol),
    ),
  ];
}

/** One level of indentation: that of the first line inside of the root. */
function indentUnit(text: string, root: Node): string {
  const first = root.kind === 'object' ? root.members[0] : root.kind === 'array' ? root.items[0] : undefined;
  return (first && indentation(text, first.start)) || '  ';
}
