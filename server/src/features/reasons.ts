import type { Decision, Policy } from '../policy/policy.ts';
import { outcomeInWords } from '../policy/words.ts';
import type { Rule } from '../profile/model.ts';
import type { Span } from '../syntax/tree.ts';
import type { Lines } from './lines.ts';

/** `rule 12, line 700`. */
export function ruleInWords(rule: Rule, lines: Lines): string {
  return `rule ${rule.position + 1}, line ${lines.lineAt(rule.view.node.start) + 1}`;
}

/** What decided, in plain words: `rule 12, line 700`, `defaultAction`. */
export function reasonInWords({ reason }: Decision, lines: Lines): string {
  switch (reason.kind) {
    case 'rule':
      return ruleInWords(reason.rule.source.rule, lines);
    case 'default':
      return 'defaultAction';
    case 'stub':
      return `runc, for calls newer than ${reason.above}, the newest that the profile names`;
    case 'foreign':
      return 'the filter does not cover this architecture';
  }
}

/** Where it stands in the text: the name in the rule that decided, or the default action. */
export function reasonSpan(policy: Policy, { reason }: Decision): Span | undefined {
  const node = reason.kind === 'rule' ? reason.rule.name.node : policy.read.defaultAction?.node;
  if (!node || reason.kind === 'foreign') return undefined;
  return { start: node.start, end: node.end };
}

/** `allowed (rule 3, line 40)`. */
export function decisionInWords(decision: Decision, lines: Lines): string {
  return `${outcomeInWords(decision.outcome)} (${reasonInWords(decision, lines)})`;
}
