import type { Architecture } from '../../catalog/index.ts';
import { multiplexed } from '../../policy/multiplex.ts';
import type { Text } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';

export const multiplexedArguments: Check = {
  code: 'multiplexed-arguments',
  severity: 'information',
  scope: 'profile',
  summary:
    'Arguments are checked of a call that an architecture of the profile also makes through `socketcall` or `ipc`.',
  explanation: `32-bit x86 and some other architectures have one call, \`socketcall\` or \`ipc\`, for all socket or System V IPC operations. It takes the
number of the operation and a pointer to the real arguments, which no filter can follow. libseccomp adds each rule for such an
operation to the multiplexer as well: conditions on argument 0 are replaced by the number, and the others are compared with the multiplexer's
own registers (libseccomp: \`src/syscalls.c\`, measured). So the conditions of the rule say nothing about calls that go that way.

Leave the architecture out where no 32-bit program has to run, or rely on a Linux security module for such restrictions.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [
    {
      "names": ["shmget"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 1, "value": 1048576, "op": "SCMP_CMP_GT" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [
    {
      "names": ["shmget"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 1, "value": 1048576, "op": "SCMP_CMP_GT" }]
    }
  ]
}`,
  },
  *find({ policy }: CheckContext): Iterable<Finding> {
    const seen = new Set<string>();
    for (const { rule, names } of policy?.resolved.rules ?? []) {
      if (rule.conditions.length === 0) continue;
      for (const name of names) {
        const detour = seen.has(name.value) ? undefined : detourOf(name.value, policy!.resolved.architectures);
        if (!detour) continue;
        seen.add(name.value);
        yield finding(name, detour);
      }
    }
  },
};

interface Detour {
  readonly architecture: Architecture;
  readonly through: string;
}

function detourOf(name: string, architectures: readonly Architecture[]): Detour | undefined {
  for (const architecture of architectures) {
    if (!architecture.multiplexes) continue;
    const call = multiplexed(name, architecture.table);
    if (call) return { architecture, through: call.through };
  }
  return undefined;
}

function finding(name: Text, { architecture, through }: Detour): Finding {
  return {
    span: name.node,
    message: `On ${architecture.name} programs can also reach "${name.value}" through ${through}, which keeps its arguments in memory: there these conditions are not checked. Leave that architecture out, or do not rely on them.`,
  };
}
