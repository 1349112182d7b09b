import { defaultProfile, type Family, familiesOf, numberedOn, syscall } from '../../catalog/index.ts';
import { type Policy, verdictOf } from '../../policy/policy.ts';
import { permits } from '../../policy/resolve.ts';
import { compareVersions } from '../../policy/target.ts';
import { type Rule, ruleNames } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { ESSENTIAL } from './essential.ts';
import { denyingNode, quoteNames, removalFixes } from './names.ts';

export const leftOutRelative: Check = {
  code: 'left-out-relative',
  severity: 'warning',
  scope: 'profile',
  summary: 'A line was deleted from a default profile while another syscall with the same effect stays allowed.',
  explanation: `Who copies an engine's default profile and deletes \`chmod\`, \`fchmod\` and \`fchmodat\` to forbid a change of modes
still allows \`fchmodat2\`, which came to Linux and to the default later. The C library uses the newest call that it finds, and
so does whoever wants to get round the profile.

Only profiles that list nine tenths of what Docker's default allows are taken for copies, and only calls that are newer than one that
is missing are reported: an allow-list made for one program lacks most relatives of what the program calls, and an old copy
lacks what is new.`,
  example: {
    get bad() {
      return copyWithout(CHMOD);
    },
    get good() {
      return copyWithout([...CHMOD, 'fchmodat2']);
    },
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { policy, rules } = context;
    if (!policy || permits(policy.resolved.default!)) return;
    const missing = unlisted(rules, withoutRules(policy, allowedByDefault()));
    if (missing.length === 0 || missing.length > SHARE_MISSING * allowedByDefault().length) return;
    const families = new Set(missing.flatMap(familiesOf));
    for (const family of families) if (!family.related) yield* gapsOf(context, policy, family, missing);
  },
};

const CHMOD = ['chmod', 'fchmod', 'fchmodat'];
/** Of what the default allows: a profile that lacks more is no copy. */
const SHARE_MISSING = 0.1;

let allowed: readonly string[] | undefined;

/** What Docker's default allows without condition. */
function allowedByDefault(): readonly string[] {
  allowed ??= [...defaultProfile('docker').verdicts].flatMap(([name, { kind }]) => (kind === 'allowed' ? name : []));
  return allowed;
}

/** Those syscalls of the host's that are left to the default, as one that is not listed is. */
function withoutRules({ native: { architecture, syscalls } }: Policy, names: readonly string[]): readonly string[] {
  return numberedOn(names, architecture.table).flatMap(({ name, number }) => (syscalls.has(number) ? [] : name));
}

/** Those of the names that no rule lists, whatever becomes of the rule. */
function unlisted(rules: readonly Rule[], names: readonly string[]): readonly string[] {
  const left = new Set(names);
  for (const rule of names.length > 0 ? rules : []) for (const { value } of ruleNames(rule)) left.delete(value);
  return [...left];
}

function copyWithout(names: readonly string[]): string {
  const left = allowedByDefault().filter((name) => !names.includes(name));
  const list = left.map((name) => `"${name}"`).join(', ');
  return `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{ "names": [${list}], "action": "SCMP_ACT_ALLOW" }]
}`;
}

function* gapsOf(
  context: CheckContext,
  policy: Policy,
  { members, effect }: Family,
  missing: readonly string[],
): Iterable<Finding> {
  const names = members.flatMap(({ name, through }) => (through ? [] : name));
  const left = names.filter((name) => missing.includes(name));
  for (const name of names) {
    if (ESSENTIAL.has(name) || !left.some((older) => isNewer(name, older))) continue;
    const verdict = verdictOf(policy, name);
    const node = verdict?.kind === 'allowed' && denyingNode(verdict);
    if (!node) continue;
    const are = left.length === 1 ? 'is' : 'are';
    yield {
      span: node,
      message: `${quoteNames(left.map((each) => `"${each}"`))}, which Docker's default allows, ${are} not listed here, but "${name}", which has the same effect, is: ${effect}.`,
      fixes: () => removalFixes(context, verdict),
    };
  }
}

/** Whether a call came to Linux after another one. */
function isNewer(name: string, older: string): boolean {
  const [since, before] = [syscall(name)?.kernel, syscall(older)?.kernel];
  return since !== undefined && before !== undefined && compareVersions(since, before) > 0;
}
