import type { LoadedRule } from '../../policy/load.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { agrees, isConditional, type Overruled } from './lost.ts';
import { removeName, ruleLabel } from './names.ts';

export const repeatedSyscall: Check = {
  code: 'repeated-syscall',
  severity: 'information',
  scope: 'syscall',
  summary: 'An earlier rule already gives the syscall the same action.',
  explanation: `Two unconditional rules that agree are no mistake, but the second changes nothing, and whoever later edits one of
them will believe that the call is denied or allowed when the other still says the opposite.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["ptrace", "bpf"], "action": "SCMP_ACT_ERRNO" },
    { "names": ["bpf", "kexec_load"], "action": "SCMP_ACT_ERRNO" }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["ptrace", "bpf"], "action": "SCMP_ACT_ERRNO" },
    { "names": ["kexec_load"], "action": "SCMP_ACT_ERRNO" }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    // a profile that is merged from others repeats hundreds of names many times: what they say is made once for each name
    const sayings = new Map<LoadedRule, Saying>();
    for (const { overruled } of context.syscalls)
      for (const lost of overruled) {
        if (isConditional(lost) || !agrees(lost)) continue;
        const saying = sayings.get(lost.by) ?? sayingOf(lost.by);
        sayings.set(lost.by, saying);
        yield repeated(context, lost, saying);
      }
  },
};

type Saying = Pick<Finding, 'message' | 'related'>;

function sayingOf({ name, source }: LoadedRule): Saying {
  return {
    message: `"${name.value}" already gets the same from ${ruleLabel(source.rule)}; this mention changes nothing.`,
    related: [{ span: name.node, message: 'The mention that counts' }],
  };
}

/** Only a rule that depends on nothing may go without a question: with other capabilities the other one could be absent. */
function repeated(context: CheckContext, lost: Overruled, { message, related }: Saying): Finding {
  const { includes, excludes } = lost.by.source.rule;
  const dependent = includes !== undefined || excludes !== undefined;
  return {
    unit: lost.unit,
    span: lost.name.node,
    message,
    severity: dependent ? 'hint' : repeatedSyscall.severity,
    tag: dependent ? undefined : 'unnecessary',
    related,
    fixes: () => [remove(context, lost, !dependent)],
  };
}

function remove(context: CheckContext, { name, source: { rule } }: Overruled, safe: boolean): Fix {
  return { title: `Remove "${name.value}" from ${ruleLabel(rule)}`, edits: removeName(context, rule, name.node), safe };
}
