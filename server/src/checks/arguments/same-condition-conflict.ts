import { nameOf, numberOn } from '../../catalog/index.ts';
import type { ArchFilter, LoadedRule, Test } from '../../policy/load.ts';
import { sameOutcome } from '../../policy/resolve.ts';
import { runtimeLabel } from '../../policy/target.ts';
import { outcomeInWords } from '../../policy/words.ts';
import { arrayOf } from '../../profile/model.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { removeEvery, ruleLabel } from '../policy/names.ts';

export const sameConditionConflict: Check = {
  code: 'same-condition-conflict',
  severity: 'error',
  scope: 'profile',
  summary: 'Two rules have the same conditions for a syscall and different actions.',
  explanation: `libseccomp refuses a second rule that asks the same of the same syscall and wants something else; runc then reports
"error adding seccomp rule for syscall ...: file exists", and the container does not start (measured under runc and crun). Rules with
the same action may repeat.

The same happens when the conditions of the later rule are the beginning of those of an earlier one, counted by argument index. The
other way round the later, more special rule is dropped without a word. Where an architecture sends socket or System V IPC calls through
\`socketcall\` or \`ipc\`, conditions on argument 0 are lost there, so that rules which differ only in that argument become the same
(libseccomp: \`src/db.c\`, \`src/syscalls.c\`).`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["ioctl"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 1, "value": 21522, "op": "SCMP_CMP_EQ" }]
    },
    {
      "names": ["ioctl"],
      "action": "SCMP_ACT_KILL_PROCESS",
      "args": [{ "index": 1, "value": 21522, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["ioctl"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 1, "value": 21522, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { policy } = context;
    const reported = new Set<unknown>();
    for (const { table } of policy?.resolved.architectures ?? []) {
      const filter = policy?.filter(table);
      for (const clash of filter ? clashes(filter) : []) {
        if (reported.has(clash.later.source.rule)) continue;
        reported.add(clash.later.source.rule);
        yield finding(context, clash, filter!);
      }
    }
  },
};

/** Two rules that libseccomp cannot hold side by side. */
interface Clash {
  readonly earlier: LoadedRule;
  readonly later: LoadedRule;
  /** `refused`: the profile does not load; `dropped`: the later rule is left out. */
  readonly effect: 'refused' | 'dropped';
  /** The number under which both stand: that of the name, of `socketcall` or of `ipc`. */
  readonly under: number;
}

function clashes(filter: ArchFilter): readonly Clash[] {
  return filter.conditioned.flatMap((number) => {
    const { conditional } = filter.syscalls.get(number)!;
    const known = CLASHES.get(conditional) ?? [...clashesOf(number, conditional)];
    CLASHES.set(conditional, known);
    return known;
  });
}

const CLASHES = new WeakMap<readonly LoadedRule[], readonly Clash[]>();

/** Compares each rule with those before it by their keys, so that the cost stays linear. */
function* clashesOf(under: number, rules: readonly LoadedRule[]): Iterable<Clash> {
  const whole = new Map<string, LoadedRule[]>();
  const beginnings = new Map<string, LoadedRule[]>();
  for (const later of rules) {
    const shorter = [...prefixKeys(later.tests)];
    const own = shorter.pop() ?? '';
    const wider = shorter.flatMap((key) => whole.get(key) ?? []);
    const same = [...(whole.get(own) ?? []), ...(beginnings.get(own) ?? [])];
    const earlier = (wider.length > 0 ? wider : same).find((rule) => differ(rule, later));
    if (earlier) yield { earlier, later, effect: wider.length > 0 ? 'dropped' : 'refused', under };
    // what is dropped meets no later rule
    if (wider.length > 0) continue;
    remember(whole, own, later);
    for (const key of shorter) remember(beginnings, key, later);
  }
}

/** Keeps the first rules of two outcomes: whatever comes later differs from one of them. */
function remember(known: Map<string, LoadedRule[]>, key: string, rule: LoadedRule): void {
  const rules = known.get(key) ?? [];
  if (rules.length < 2 && !rules.some((other) => sameOutcome(other.outcome, rule.outcome)))
    known.set(key, [...rules, rule]);
}

function differ(a: LoadedRule, b: LoadedRule): boolean {
  return a.source.rule !== b.source.rule && !sameOutcome(a.outcome, b.outcome);
}

/** A key for each beginning of the tests in the order in which libseccomp makes them: by argument. */
function prefixKeys(tests: readonly Test[]): readonly string[] {
  const sorted = [...tests].sort((a, b) => a.index - b.index);
  let key = '';
  return sorted.map(({ index, op, value, datum }) => {
    key += `${index} ${op} ${value} ${datum};`;
    return key;
  });
}

function finding(context: CheckContext, { earlier, later, effect, under }: Clash, filter: ArchFilter): Finding {
  const name = later.name.value;
  const first = ruleLabel(earlier.source.rule);
  const { name: arch, table } = filter.architecture;
  const direct = numberOn(name, table) === under;
  const through = direct ? '' : ` On ${arch} both become one test of ${nameOf(under, table)}.`;
  const shared = direct && effect === 'refused' ? 'the same conditions' : 'conditions that meet';
  const runtime = runtimeLabel(context.target.runtime);
  return {
    span: arrayOf(later.source.rule.view, 'args') ?? later.name.node,
    severity: effect === 'refused' ? 'error' : 'warning',
    message:
      effect === 'refused'
        ? `This rule and ${first} have ${shared} for "${name}" and different actions.${through} ${runtime} refuses the profile when the container starts ("file exists"). Keep one of the two.`
        : `This rule is dropped for "${name}": ${first} asks for less of the same conditions and decides first (${outcomeInWords(earlier.outcome)}).${through} Make their conditions exclude each other.`,
    related: [{ span: earlier.name.node, message: `${first}: ${outcomeInWords(earlier.outcome)}` }],
    fixes: () => [without(context, later), without(context, earlier)],
  };
}

function without(context: CheckContext, { source, name }: LoadedRule): Fix {
  return {
    title: `Remove "${name.value}" from ${ruleLabel(source.rule)}`,
    edits: removeEvery(context, source.rule, name.value),
    safe: false,
  };
}
