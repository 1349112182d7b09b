import { arrayOf, type Condition, type Rule } from '../../profile/model.ts';
import { countWhere } from '../../syntax/bisect.ts';
import type { CheckContext, Edit } from '../check.ts';
import { addMember, applyEdits, removeItems, replaceNode, separatorBefore } from '../edits.ts';
import { orderedProblems } from '../text/problems.ts';
import type { Range } from './ranges.ts';

/** What a condition's comparison becomes; numbers as they are written. */
export interface NewComparison {
  readonly op?: string;
  readonly value?: bigint;
  readonly valueTwo?: bigint;
}

/** Changes parts of a condition in place; a part that is not there yet is added behind the others. */
export function changeCondition(
  { document }: CheckContext,
  condition: Condition,
  change: NewComparison,
): readonly Edit[] {
  const parts = { value: change.value?.toString(), valueTwo: change.valueTwo?.toString(), op: quote(change.op) };
  return (['value', 'valueTwo', 'op'] as const).flatMap((key) => {
    const text = parts[key];
    if (text === undefined) return [];
    const node = condition[key]?.node;
    return [node ? replaceNode(node, text) : addMember(document.text, condition.view, key, text)];
  });
}

function quote(text: string | undefined): string | undefined {
  return text === undefined ? undefined : JSON.stringify(text);
}

/** The text of a condition after a change. */
export function changedText(context: CheckContext, condition: Condition, change: NewComparison): string {
  const { start, end } = condition.view.node;
  const edits = changeCondition(context, condition, change);
  const moved = edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
  return applyEdits(context.document.text.slice(start, end), moved);
}

/**
 * Replaces a rule by copies of it, each with one list of conditions (as JSON text). Empty where the rule cannot be copied:
 * it stands alone in the file, its text is damaged, or something else than conditions is among its `args`.
 */
export function copies(context: CheckContext, rule: Rule, lists: readonly string[]): readonly Edit[] {
  const { text, shape } = context.document;
  const array = arrayOf(rule.view, 'args');
  const first = array?.items[0];
  const last = array?.items.at(-1);
  if (shape === 'rule' || !first || !last || array.items.length !== rule.conditions.length) return [];
  const { node } = rule.view;
  const problems = orderedProblems(context.document);
  const problem = problems[countWhere(problems, ({ start }) => start < node.start)];
  if (problem && problem.start <= node.end) return [];
  const texts = lists.map((list) => text.slice(node.start, first.start) + list + text.slice(last.end, node.end));
  return [replaceNode(node, texts.join(`,${separatorBefore(text, node)}`))];
}

/** The text of a condition as it stands. */
export function textOf({ document }: CheckContext, { view }: Condition): string {
  return document.text.slice(view.node.start, view.node.end);
}

/** Takes a condition out of its rule. */
export function removeCondition({ document }: CheckContext, rule: Rule, condition: Condition): readonly Edit[] {
  const array = arrayOf(rule.view, 'args');
  return array ? removeItems(document.text, array, [condition.view.node]) : [];
}

/** Ranges that would take more rules than this are not written out. */
const MOST_VALUES = 8n;

/** Conditions of which one must hold for an argument to lie in a range, each as JSON text; undefined where that takes too many. */
export function conditionsFor(index: number, ranges: readonly Range[], highest: bigint): readonly string[] | undefined {
  const conditions: string[] = [];
  const put = (op: string, value: bigint): unknown => conditions.push(conditionJson(index, op, value));
  for (const { low, high } of ranges) {
    if (low === 0n && high < highest) put('SCMP_CMP_LE', high);
    else if (high >= highest && low > 0n) put('SCMP_CMP_GE', low);
    else if (high - low >= MOST_VALUES) return undefined;
    else for (let value = low; value <= high; value++) put('SCMP_CMP_EQ', value);
  }
  return conditions;
}

function conditionJson(index: number, op: string, value: bigint): string {
  return `{ "index": ${index}, "value": ${value}, "op": ${JSON.stringify(op)} }`;
}
