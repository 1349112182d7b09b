import { action, errnoByNumber } from '../catalog/index.ts';
import type { Analysis } from '../checks/analyse.ts';
import { type Asking, MASKED, namedArguments, valueWords } from '../checks/arguments/conditions.ts';
import type { Condition, Rule, Text, Uint } from '../profile/model.ts';
import { countWhere } from '../syntax/bisect.ts';
import type { Span } from '../syntax/tree.ts';

/** Which hints are shown. */
export interface InlayOptions {
  /** The argument's name beside its `index`. */
  readonly arguments: boolean;
  /** What a number stands for beside `value` and `valueTwo`. */
  readonly values: boolean;
  /** The name of an error beside `errnoRet` and `defaultErrnoRet`. */
  readonly errnos: boolean;
}

/** A word shown behind a place in the text. */
export interface InlayHint {
  readonly offset: number;
  readonly label: string;
  readonly kind: 'argument' | 'value' | 'errno';
  /** The whole text, where the label is cut. */
  readonly tooltip?: string;
}

const LONGEST = 60;
const MOST_NAMES = 3;

/** The hints for the numbers inside a range, in the order of the text. Costs a bisection and what is shown. */
export function inlayHints(analysis: Analysis, range: Span, options: InlayOptions): readonly InlayHint[] {
  const { profile, rules } = analysis.document;
  const hints = meeting(rules, range).flatMap((rule) => ruleHints(rule, analysis, options));
  const own = options.errnos ? errnoHint(profile?.defaultErrnoRet, profile?.defaultAction) : [];
  return [...own, ...hints].filter(({ offset }) => range.start <= offset && offset <= range.end).sort(byOffset);
}

/** The rules that a range touches: they stand one behind the other. */
function meeting(rules: readonly Rule[], range: Span): readonly Rule[] {
  const from = countWhere(rules, ({ view }) => view.node.end < range.start);
  return rules.slice(
    from,
    Math.max(
      from,
      countWhere(rules, ({ view }) => view.node.start <= range.end),
    ),
  );
}

const byOffset = (a: InlayHint, b: InlayHint): number => a.offset - b.offset;

function ruleHints(rule: Rule, asking: Asking, options: InlayOptions): readonly InlayHint[] {
  const errno = options.errnos ? errnoHint(rule.errnoRet, rule.action) : [];
  return [...errno, ...rule.conditions.flatMap((condition) => conditionHints(rule, condition, asking, options))];
}

function conditionHints(rule: Rule, condition: Condition, asking: Asking, options: InlayOptions): readonly InlayHint[] {
  const index = condition.index?.value ?? 0n;
  if (index > 5n) return [];
  const position = Number(index);
  return [
    ...(options.arguments ? argumentHint(rule, condition.index, asking) : []),
    ...(options.values ? valueHint(rule, position, condition.value, asking) : []),
    ...(options.values && condition.op?.value === MASKED ? valueHint(rule, position, condition.valueTwo, asking) : []),
  ];
}

/** The argument's name, or the names that it has for the rule's syscalls. */
function argumentHint(rule: Rule, index: Uint | undefined, asking: Asking): readonly InlayHint[] {
  if (!index) return [];
  const names = [...new Set(namedArguments(rule, Number(index.value), asking).map(({ argument }) => argument.name))];
  if (names.length === 0) return [];
  const label = names.length > MOST_NAMES ? `${names.slice(0, MOST_NAMES).join('/')}/…` : names.join('/');
  return [hint('argument', index, label, names.join(', '))];
}

function valueHint(rule: Rule, index: number, value: Uint | undefined, asking: Asking): readonly InlayHint[] {
  const words = value && valueWords(rule, index, value.value, asking);
  return words ? [hint('value', value, words, words)] : [];
}

/** With `SCMP_ACT_TRACE` the number is a message, with other actions it is ignored: no error is meant. */
function errnoHint(errno: Uint | undefined, given: Text | undefined): readonly InlayHint[] {
  const known = errno && errnoByNumber(Number(errno.value & 0xffffn));
  if (!known || given?.value === 'SCMP_ACT_TRACE' || !action(given?.value ?? '')?.takesErrno) return [];
  return [hint('errno', errno, known.name, known.doc)];
}

function hint(kind: InlayHint['kind'], { node }: Uint, label: string, tooltip: string): InlayHint {
  const cut = label.length > LONGEST ? `${label.slice(0, LONGEST)}…` : label;
  return { offset: node.end, label: cut, kind, ...(tooltip !== cut && { tooltip }) };
}
