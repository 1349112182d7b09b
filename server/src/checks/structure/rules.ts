import { arrayOf, type Rule } from '../../profile/model.ts';
import type { CheckContext, Edit } from '../check.ts';
import { isItem, removeItems } from '../edits.ts';

/** Takes a whole rule out of the profile; undefined where it stands alone in the file. */
export function removeRule({ document, profile }: CheckContext, rule: Rule): readonly Edit[] | undefined {
  const rules = profile && arrayOf(profile.view, 'syscalls');
  if (!rules || !isItem(rules, rule.view.node)) return undefined;
  return removeItems(document.text, rules, [rule.view.node]);
}
