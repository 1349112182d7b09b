import { defaultProfile, type Family, families, numberOn, syscall } from '../../catalog/index.ts';
import { type Policy, verdictOf } from '../../policy/policy.ts';
import { permits } from '../../policy/resolve.ts';
import { compareVersions } from '../../policy/target.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { ESSENTIAL } from './essential.ts';
import { denyingNode, quoteNames, withoutNames } from './names.ts';

export const leftOutRelative: Check = {
  code: 'left-out-relative',
  severity: 'warning',
  summary: 'A line was deleted from a default profile while another syscall with the same effect stays allowed.',
  explanation: `Who copies an engine's default profile and deletes \`chmod\`, \`fchmod\` and \`fchmodat\` to forbid a change of modes
still allows \`fchmodat2\`, which came to Linux and to the default later. The C library uses the newest call that it finds, and
so does whoever wants to get round the profile.

Only profiles that allow nine tenths of what Docker's default allows are taken for copies, and only calls that are newer than one that
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
    const { policy } = context;
    if (!policy || permits(policy.resolved.default!) || !isCopy(policy)) return;
    for (const family of families()) if (!family.related) yield* gapsOf(context, policy, family);
  },
};

const CHMOD = ['chmod', 'fchmod', 'fchmodat'];
/** Of what the default allows. */
const SHARE_OF_COPIES = 0.9;

/** What Docker's default allows without condition. */
function allowedByDefault(): readonly string[] {
  return [...defaultProfile('docker').verdicts].flatMap(([name, { kind }]) => (kind === 'allowed' ? name : []));
}

function copyWithout(names: readonly string[]): string {
  const left = allowedByDefault().filter((name) => !names.includes(name));
  const list = left.map((name) => `"${name}"`).join(', ');
  return `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{ "names": [${list}], "action": "SCMP_ACT_ALLOW" }]
}`;
}

function isCopy(policy: Policy): boolean {
  const here = allowedByDefault().filter((name) => numberOn(name, policy.native.architecture.table) !== undefined);
  const kept = here.filter((name) => verdictOf(policy, name)?.kind === 'allowed');
  return kept.length >= SHARE_OF_COPIES * here.length;
}

function* gapsOf(context: CheckContext, policy: Policy, { members, effect }: Family): Iterable<Finding> {
  const names = members.flatMap(({ name, through }) => (through ? [] : name));
  const missing = names.filter((name) => isMissing(policy, name));
  if (missing.length === 0) return;
  for (const name of names) {
    if (ESSENTIAL.has(name) || !missing.some((older) => isNewer(name, older))) continue;
    const verdict = verdictOf(policy, name);
    const node = verdict?.kind === 'allowed' && denyingNode(verdict);
    if (!node) continue;
    const left = quoteNames(missing.map((each) => `"${each}"`));
    const are = missing.length === 1 ? 'is' : 'are';
    yield {
      span: node,
      message: `${left}, which Docker's default allows, ${are} not listed here, but "${name}", which has the same effect, is: ${effect}.`,
      fixes: () => withoutNames(context, verdict),
    };
  }
}

/** Denied here whatever its arguments, and allowed by the default. */
function isMissing(policy: Policy, name: string): boolean {
  return defaultProfile('docker').verdicts.get(name)?.kind === 'allowed' && verdictOf(policy, name)?.kind === 'denied';
}

/** Whether a call came to Linux after another one. */
function isNewer(name: string, older: string): boolean {
  const [since, before] = [syscall(name)?.kernel, syscall(older)?.kernel];
  return since !== undefined && before !== undefined && compareVersions(since, before) > 0;
}
