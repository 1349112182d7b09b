import { applyEdits, removeItems } from '../checks/edits.ts';
import { arrayOf, type ProfileDocument, type Rule, ruleNames } from '../profile/model.ts';
import type { Node } from '../syntax/tree.ts';

/** The text without these names in these rules; a rule that is left without a name goes as a whole. */
export function withoutNames({ text, profile }: ProfileDocument, rules: Iterable<Rule>, names: ReadonlySet<string>) {
  const empty: Node[] = [];
  const edits = [...rules].flatMap((rule) => {
    const doomed = ruleNames(rule).filter(({ value }) => names.has(value));
    const array = arrayOf(rule.view, 'names');
    if (doomed.length === ruleNames(rule).length) empty.push(rule.view.node);
    else if (array)
      return removeItems(
        text,
        array,
        doomed.map(({ node }) => node),
      );
    return [];
  });
  const list = profile && arrayOf(profile.view, 'syscalls');
  return applyEdits(text, list ? [...edits, ...removeItems(text, list, empty)] : edits);
}
