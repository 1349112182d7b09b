import type { Analysis } from '../checks/analyse.ts';
import { outcomeOf, resolvedRule, type SkipReason, skipReason } from '../policy/resolve.ts';
import { runtimeLabel } from '../policy/target.ts';
import { outcomeInWords } from '../policy/words.ts';
import { readUint } from '../profile/decode.ts';
import { type Rule, ruleNames } from '../profile/model.ts';
import { actionDoc, errnoDoc } from './documentation.ts';
import { paragraphs } from './markdown.ts';
import type { Place } from './place.ts';
import { totalsInWords, totalsOf } from './totals.ts';

/** An action: what it means in general, and here. */
export function actionHover(analysis: Analysis, { rule, view }: Place, text: string): string {
  const doc = actionDoc(text);
  if (!doc) return '';
  return paragraphs(doc, rule ? ruleInWords(analysis, rule) : view.kind === 'profile' && defaultActionHover(analysis));
}

/** What the default leaves: how many syscalls are executed and how many are not. */
export function defaultActionHover({ policy, target }: Analysis): string {
  if (!policy) return '';
  const architecture = policy.native.architecture.name;
  const fate = outcomeInWords(policy.resolved.default!);
  return `**This profile** for ${runtimeLabel(target.runtime)} on \`${architecture}\`: ${totalsInWords(totalsOf(policy))}. A syscall without rule: ${fate}.`;
}

function ruleInWords({ policy, target }: Analysis, rule: Rule): string {
  const count = ruleNames(rule).length;
  const reason = policy && skipReason(policy.resolved, rule);
  const outcome =
    (policy && resolvedRule(policy.resolved, rule)?.outcome) ?? outcomeOf(rule.action, rule.errnoRet?.value);
  if (!outcome) return '';
  const calls = count === 1 ? 'the syscall' : `each of ${count} syscalls`;
  const when = rule.conditions.length > 0 ? ' when its conditions hold' : '';
  return paragraphs(
    `**This rule**: ${calls}${when}: ${outcomeInWords(outcome)}.`,
    reason && SKIPPED[reason]?.replace('%s', runtimeLabel(target.runtime)),
  );
}

const SKIPPED: Readonly<Partial<Record<SkipReason, string>>> = {
  includes: '%s leaves the rule out here: the host and the container do not fulfil `includes`.',
  excludes: '%s leaves the rule out here: the host or the container matches `excludes`.',
};

/** An errno by number; with `SCMP_ACT_TRACE` the number is a message. */
export function errnoHover(_analysis: Analysis, { rule }: Place, text: string): string {
  const number = readUint(text);
  if (number === undefined) return '';
  if (rule?.action?.value === 'SCMP_ACT_TRACE') return `The tracer gets ${number & 0xffffn} as its message.`;
  if (number === 0n) return '**0**: no error. The call is skipped and the program takes it for a success.';
  const kept = number & 0xffffn;
  const cut = kept === number ? '' : `Only 16 bits are kept: ${kept}.`;
  return paragraphs(cut, errnoDoc(Number(kept)) || `No error has the number ${kept}.`);
}
