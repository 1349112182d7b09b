import { numberOn } from '../../catalog/index.ts';
import { permits } from '../../policy/resolve.ts';
import { callInWords } from '../../policy/strace.ts';
import { runtimeLabel } from '../../policy/target.ts';
import { type Cause, type Witness, witnesses } from '../../policy/witness.ts';
import { outcomeInWords } from '../../policy/words.ts';
import { arrayOf, effectiveMember, ruleNames } from '../../profile/model.ts';
import type { Span } from '../../syntax/tree.ts';
import { comparisonsOf, MASKED } from '../arguments/conditions.ts';
import { fitOf, narrowArguments } from '../arguments/width.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { removeEvery } from './names.ts';

export const writtenDiffersFromLoaded: Check = {
  code: 'written-differs-from-loaded',
  severity: 'warning',
  scope: 'profile',
  summary: 'A call gets something else from the loaded filter than the profile says.',
  explanation: `What an engine loads is not always what the text says, and this finding proves it with a call. On 32-bit architectures
libseccomp keeps only the lower 32 bits of the numbers that an argument is compared with (libseccomp: \`src/db.c\`): a test for
4294967301 becomes one for 5, and a mask of upper bits only makes the rule unconditional. runc answers \`ENOSYS\` to every call whose
number is above the highest one that the profile names, even where the default would kill (runc: \`libcontainer/seccomp/patchbpf\`).

Where another finding names the cause, such as a repeated index or a rule that erases another, this one is silent.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [
    {
      "names": ["mmap2"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 1, "value": 4294967296, "op": "SCMP_CMP_GE" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [
    {
      "names": ["mmap2"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 1, "value": 2147483648, "op": "SCMP_CMP_GE" }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { policy } = context;
    if (!policy) return;
    const reported = new Set<unknown>();
    for (const witness of witnesses(policy)) {
      const place = witness.rule?.rule ?? witness.cause;
      if (reported.has(place) || isNamedElsewhere(context, witness)) continue;
      reported.add(place);
      const span = spanOf(context, witness);
      if (span)
        yield {
          span,
          message: messageOf(context, witness),
          ...(isMinor(witness) && { severity: 'information' }),
          fixes: () => fixesOf(context, witness),
        };
    }
  },
};

/** Whether another check reports the cause at its place, with its own fixes. */
function isNamedElsewhere(context: CheckContext, witness: Witness): boolean {
  const { policy } = context;
  const { cause, rule, name } = witness;
  if (cause === 'split' || cause === 'mask' || cause === 'erased') return true;
  // conflicting-rules tells what is denied against a default, or allowed against one, by native name
  if (cause === 'skipped') return !isMinor(witness) && numberOn(name, policy!.native.architecture.table) !== undefined;
  if (cause !== 'cut' || !rule) return false;
  return comparisonsOf(rule.rule).some((comparison) => {
    const number = comparison.op === MASKED ? comparison.datum : comparison.value;
    return narrowArguments(rule.rule, comparison, context).some((named) => fitOf(named, number) === 'too-wide');
  });
}

function spanOf({ profile }: CheckContext, { rule }: Witness): Span | undefined {
  if (rule) return arrayOf(rule.rule.view, 'args') ?? rule.rule.view.node;
  return profile && effectiveMember(profile.view, 'defaultAction')?.member.value;
}

/** A rule that never reaches the filter can go; its author may have meant the other one to go, so it is no safe fix. */
function fixesOf(context: CheckContext, { cause, rule, name }: Witness): readonly Fix[] {
  if (cause !== 'skipped' || !rule || !ruleNames(rule.rule).some(({ value }) => value === name)) return [];
  const edits = removeEvery(context, rule.rule, name);
  return [{ title: `Remove "${name}" from this rule, which does not count`, edits, safe: false }];
}

/** The call is executed, or not, either way. */
function isMinor({ written, loaded }: Witness): boolean {
  return written.outcomes.every((outcome) => permits(outcome) === permits(loaded.outcome));
}

const CAUSES: Readonly<Partial<Record<Cause, string>>> = {
  cut: 'libseccomp keeps only the lower 32 bits of the numbers in the rule. Use numbers of 32 bits, or leave that architecture out.',
  skipped: 'the rule equals the default and is skipped, so another rule decides. Remove it, or the other one.',
  stub: 'runc answers so for every call above the highest number that the profile names. Name the newest calls that have to end the program.',
  other: 'the rules for it do not add up to what they say. Test the profile in a container.',
};

function messageOf({ target }: CheckContext, { name, architecture, call, written, loaded, cause }: Witness): string {
  const shown = callInWords(name, call.args, architecture.table);
  const said = written.outcomes.map(outcomeInWords).join(' or ');
  const gets = outcomeInWords(loaded.outcome);
  const where = `under ${runtimeLabel(target.runtime)} on ${architecture.name}`;
  return `${shown} is not treated as written: the profile says "${said}", the filter ${where} "${gets}", because ${CAUSES[cause] ?? CAUSES.other}`;
}
