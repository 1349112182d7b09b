import { type Condition, effectiveMember, type Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding, Severity } from '../check.ts';
import { addFirstMember, addMember } from '../edits.ts';
import { argumentLabel } from './conditions.ts';

export const missingConditionKey: Check = {
  code: 'missing-condition-key',
  severity: 'warning',
  scope: 'rule',
  summary: 'A condition has no `index` or no `value`; the engine takes 0.',
  explanation: `Go leaves a number at 0 that the file does not give (\`encoding/json\`), and crun does the same: a condition without \`index\`
is about the first argument, one without \`value\` compares with 0. Nobody is told. The OCI runtime specification requires both keys.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["personality"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "value": 8, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["personality"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 8, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules) {
      for (const condition of rule.conditions) {
        if (!condition.op) continue;
        if (!effectiveMember(condition.view, 'index')) yield withoutIndex(context, rule, condition);
        if (!effectiveMember(condition.view, 'value')) yield withoutValue(context, condition);
      }
    }
  },
};

function withoutIndex(context: CheckContext, rule: Rule, condition: Condition): Finding {
  const { document } = context;
  const edit = addFirstMember(document.text, condition.view, 'index', '0');
  return {
    span: condition.view.node,
    severity: 'information' satisfies Severity,
    message: `Without "index" the condition is about ${argumentLabel(rule, 0, context)}. Add it to say so.`,
    fixes: () => [{ title: 'Add "index": 0, as the engine reads it', edits: [edit], safe: true }],
  };
}

function withoutValue({ document }: CheckContext, condition: Condition): Finding {
  const edit = addMember(document.text, condition.view, 'value', '0');
  return {
    span: condition.view.node,
    message: 'Without "value" the condition compares with 0. Add the number that is meant.',
    fixes: () => [{ title: 'Add "value": 0, as the engine reads it', edits: [edit], safe: false }],
  };
}
