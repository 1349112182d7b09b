import type { Condition, Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { allWithout, comparisonsOf, isSplit, namesWithout, quoted, spanOf } from './conditions.ts';
import { removeCondition } from './rewrite.ts';

export const noSuchArgument: Check = {
  code: 'no-such-argument',
  severity: 'warning',
  scope: 'rule',
  summary: 'A condition looks at an argument that the syscall does not have.',
  explanation: `A filter sees all six argument registers of every call (\`man 2 seccomp\`: \`struct seccomp_data\`). The kernel reads
only those that the syscall takes; the others hold whatever the program left there. A condition on one of them holds or fails
by chance: \`fork\` and \`vfork\`, for instance, take no arguments, so no condition can tell their calls apart.

What counts are the arguments of the kernel's function, which can be fewer than those of the C library's function of that name.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["vfork"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 0, "op": "SCMP_CMP_NE" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["vfork"],
      "action": "SCMP_ACT_ERRNO",
      "args": []
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules) {
      for (const { condition, index } of comparisonsOf(rule)) {
        const names = namesWithout(rule, index, context);
        if (names.length > 0) yield finding(context, rule, condition, index, names);
      }
    }
  },
};

type Lacking = ReturnType<typeof namesWithout>;

function finding(context: CheckContext, rule: Rule, condition: Condition, index: number, names: Lacking): Finding {
  const all = allWithout(rule, index, context);
  const advice = all ? 'Remove the condition.' : 'Give the others a rule of their own, or remove the condition.';
  return {
    span: spanOf(condition, 'index'),
    message: `${sentence(index, names)} The condition holds or fails by what happens to be in the register. ${advice}`,
    related: names.slice(0, 5).map(({ name, count }) => ({ span: name.node, message: `takes ${counted(count)}` })),
    fixes: () =>
      all && !isSplit(rule)
        ? [{ title: 'Remove the condition', edits: removeCondition(context, rule, condition), safe: false }]
        : [],
  };
}

function sentence(index: number, names: Lacking): string {
  const list = quoted(names.map(({ name }) => name.value));
  if (names.length > 1) return `${list} have no argument ${index}.`;
  return `${list} has no argument ${index}: it takes ${counted(names[0]?.count ?? 0)}.`;
}

function counted(count: number): string {
  return count === 0 ? 'no arguments' : count === 1 ? 'one argument, 0' : `${count} arguments, 0 to ${count - 1}`;
}
