import { arrayOf, type Rule } from '../../profile/model.ts';
import type { StringNode } from '../../syntax/tree.ts';
import { MASKED } from '../arguments/conditions.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { removeItems } from '../edits.ts';

export const duplicateName: Check = {
  code: 'duplicate-name',
  severity: 'information',
  scope: 'rule',
  summary: 'A syscall stands twice in the same rule.',
  explanation: `A second mention in the same rule changes nothing: libseccomp keeps one test for the call
(libseccomp: \`src/db.c\`). It is usually left over from merging two lists.`,
  example: {
    bad: `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["kexec_load", "bpf", "kexec_load"], "action": "SCMP_ACT_ERRNO" }] }`,
    good: `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["kexec_load", "bpf"], "action": "SCMP_ACT_ERRNO" }] }`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules) yield* inRule(context, rule);
  },
};

function* inRule(context: CheckContext, rule: Rule): Iterable<Finding> {
  const first = new Map<string, StringNode>();
  for (const { value, node } of rule.names) {
    const earlier = first.get(value);
    if (!earlier) {
      first.set(value, node);
      continue;
    }
    const array = arrayOf(rule.view, 'names')!;
    yield {
      span: node,
      message: `"${value}" is already in this rule; the second mention changes nothing.`,
      tag: 'unnecessary',
      related: [{ span: earlier, message: 'First mention' }],
      fixes: () => [
        {
          title: `Remove the second "${value}"`,
          edits: removeItems(context.document.text, array, [node]),
          safe: isDependable(rule),
        },
      ],
    };
  }
}

/** Where libseccomp's trees are not, see `unreliable-argument-rules`, it is open whether the same rule twice is that rule. */
function isDependable({ conditions }: Rule): boolean {
  return conditions.every(({ op }) => op?.value === 'SCMP_CMP_EQ' || op?.value === MASKED);
}
