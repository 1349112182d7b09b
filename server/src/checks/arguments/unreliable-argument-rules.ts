import type { LoadedRule } from '../../policy/load.ts';
import { unreliable } from '../../policy/predictable.ts';
import { dependent } from '../../policy/shared.ts';
import { arrayOf, type Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { ruleLabel } from '../policy/names.ts';
import { MASKED } from './conditions.ts';

export const unreliableArgumentRules: Check = {
  code: 'unreliable-argument-rules',
  severity: 'warning',
  scope: 'profile',
  summary:
    'Several rules with mixed conditions for one syscall, of a kind that libseccomp does not compile dependably.',
  explanation: `libseccomp merges all conditional rules for a syscall into one tree of tests. That is dependable where each rule has one condition
with a number below 2^32, or where only \`SCMP_CMP_EQ\` and \`SCMP_CMP_MASKED_EQ\` are used (measured on some ten thousand random profiles,
without a difference to "any rule matches"). Outside of these, with several conditions in a rule and comparisons such as
\`SCMP_CMP_NE\` or \`SCMP_CMP_GT\` among them, filters were found that do not do what the rules say. This profile need not be one of them;
the rules alone do not tell.

Rewrite such rules with one condition each, or with \`SCMP_CMP_EQ\` and \`SCMP_CMP_MASKED_EQ\` only, and test the result in a container.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 41, "op": "SCMP_CMP_GE" }, { "index": 1, "value": 3, "op": "SCMP_CMP_EQ" }]
    },
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 17, "op": "SCMP_CMP_EQ" }, { "index": 1, "value": 3, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 41, "op": "SCMP_CMP_GE" }]
    },
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 17, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
  },
  *find({ policy }: CheckContext): Iterable<Finding> {
    if (!policy) return;
    const reported = new Set<Rule>();
    for (const number of policy.native.conditioned) {
      const { conditional } = policy.native.syscalls.get(number)!;
      const reason = dependent(policy, policy.native, number) ?? unreliable(conditional);
      const cause = reason && (conditional.find(isMixed) ?? conditional[0]);
      if (!cause || reported.has(cause.source.rule)) continue;
      reported.add(cause.source.rule);
      yield finding(cause, conditional);
    }
  },
};

function isExact({ op }: LoadedRule['tests'][number]): boolean {
  return op === 'SCMP_CMP_EQ' || op === MASKED;
}

function isMixed(rule: LoadedRule): boolean {
  return !rule.tests.every(isExact);
}

function finding(cause: LoadedRule, all: readonly LoadedRule[]): Finding {
  const { rule } = cause.source;
  const others = [...new Set(all.map(({ source }) => source.rule))].filter((other) => other !== rule);
  const labels = others.slice(0, 3).map(ruleLabel).join(', ');
  return {
    span: arrayOf(rule.view, 'args') ?? cause.name.node,
    message: `libseccomp does not compile this kind of rules for "${cause.name.value}" dependably${labels && ` (together with ${labels})`}: the filter may match other calls than the rules say, and starting the container may never finish. Give each rule one condition, or use only SCMP_CMP_EQ and SCMP_CMP_MASKED_EQ.`,
    related: others
      .slice(0, 5)
      .map((other) => ({ span: other.view.node, message: `${ruleLabel(other)} for the same syscall` })),
  };
}
