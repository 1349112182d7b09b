import { type Family, type FamilyMember, familiesOf } from '../../catalog/index.ts';
import { type Policy, verdictOf } from '../../policy/policy.ts';
import { permits } from '../../policy/resolve.ts';
import { type Rule, ruleNames, type Text } from '../../profile/model.ts';
import type { Check, CheckContext, Edit, Finding, Fix } from '../check.ts';
import { ESSENTIAL } from './essential.ts';
import { addNames, isNamable, quoteNames } from './names.ts';

export const familyGap: Check = {
  code: 'family-gap',
  severity: 'warning',
  scope: 'profile',
  summary: 'A syscall is denied while another with the same effect stays allowed.',
  explanation: `A deny-list has to name every way to the effect that it forbids. The C library chooses between them without asking:
\`mkdir()\` may call \`mkdirat\`, \`chmod()\` may call \`fchmodat\`, and a program that wants to get round the profile will try them all.
io_uring performs file and network operations without the syscalls of the same name, so a filter never sees them
(\`man 7 io_uring\`). On architectures with 32-bit twins (\`chown32\`) those count too.

An allow-list does not have the problem as long as nobody deletes lines from it: see \`left-out-relative\`.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["mkdir", "mkdirat", "io_uring_setup"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { policy } = context;
    if (!policy || !permits(policy.resolved.default!)) return;
    for (const gap of gaps(policy)) yield finding(context, policy, gap);
  },
};

/** Denied names of one family and what still does the same. */
interface Gap {
  readonly family: Family;
  /** Denied by this rule, in the order of the text. */
  readonly denied: readonly { readonly rule: Rule; readonly name: Text }[];
  readonly open: readonly FamilyMember[];
}

const ENOSYS = 38;

/**
 * Only unconditional denials count: who denies some arguments wants the others to work. A denial with ENOSYS asks the
 * C library to use the older call and is no ban.
 */
function gaps(policy: Policy): readonly Gap[] {
  const denied = new Map<Family, { rule: Rule; name: Text }[]>();
  for (const { rule, outcome } of policy.resolved.rules) {
    if (permits(outcome) || outcome.errno === ENOSYS || rule.conditions.length > 0) continue;
    for (const name of ruleNames(rule))
      for (const family of banned(name.value)) {
        const known = denied.get(family);
        if (known) known.push({ rule, name });
        else denied.set(family, [{ rule, name }]);
      }
  }
  return [...denied].flatMap(([family, names]) => {
    if (family.gate && names.some(({ name }) => name.value === family.gate)) return [];
    const open = family.members.filter((member) => isOpen(policy, member.name));
    return open.length > 0 ? [{ family, denied: names, open }] : [];
  });
}

/** The families whose effect a denial of this name is meant to forbid: not those that it only serves on the way. */
function banned(name: string): readonly Family[] {
  return familiesOf(name).filter(
    (family) => !family.related && family.members.some((m) => m.name === name && !m.through),
  );
}

/** Allowed without condition on one of the covered architectures. */
function isOpen(policy: Policy, name: string): boolean {
  return policy.resolved.architectures.some((arch) => verdictOf(policy, name, arch)?.kind === 'allowed');
}

function finding(context: CheckContext, policy: Policy, { family, denied, open }: Gap): Finding {
  const [first, ...others] = denied;
  const plain = open.filter((member) => !member.through).map((member) => member.name);
  const indirect = open.filter((member) => member.through).map((member) => `${member.name} (${member.through})`);
  const names = denied.map(({ name }) => `"${name.value}"`);
  const verbs = [denied.length === 1 ? 'is' : 'are', open.length === 1 ? 'still does' : 'still do'];
  return {
    span: first!.name.node,
    ...(deniable(context, open).length === 0 && { severity: 'information' }),
    message: `${quoteNames(names, 4)} ${verbs[0]} denied, but ${quoteNames([...plain, ...indirect])} ${verbs[1]} the same: ${family.effect}.`,
    related: others.map(({ name }) => ({ span: name.node, message: 'Denied for the same effect' })),
    fixes: () => fixesFor(context, policy, { family, denied, open }),
  };
}

/** Those that a rule can deny, and without which programs still run. */
function deniable(context: CheckContext, members: readonly FamilyMember[]): readonly string[] {
  return members.map((member) => member.name).filter((name) => !ESSENTIAL.has(name) && isNamable(context, name));
}

function fixesFor(context: CheckContext, policy: Policy, { denied, open }: Gap): readonly Fix[] {
  const { rule } = denied[0]!;
  const all = deniable(context, open);
  const plain = deniable(
    context,
    open.filter((member) => !member.through),
  );
  // what would be denied for other findings leaves this one as it is
  if (all.length === 0) return [];
  const fixes: Fix[] = [{ title: `Deny ${quoteNames(all, 6)} too`, edits: addNames(context, rule, all), safe: false }];
  if (plain.length > 0 && plain.length < all.length)
    fixes.push({ title: `Deny only ${quoteNames(plain, 6)} too`, edits: addNames(context, rule, plain), safe: false });
  const whole = closeAll(context, policy);
  if (whole.rules > 1)
    fixes.push({ title: 'Deny every missing family member in this profile', edits: whole.edits, safe: false });
  return fixes;
}

/** Adds to each rule what is missing for its names; a name that several rules lack goes to the first. */
function closeAll(context: CheckContext, policy: Policy): { readonly edits: readonly Edit[]; readonly rules: number } {
  const missing = new Map<Rule, string[]>();
  const placed = new Set<string>();
  for (const { denied, open } of gaps(policy)) {
    const names = deniable(context, open).filter((name) => !placed.has(name));
    for (const name of names) placed.add(name);
    if (names.length > 0) missing.set(denied[0]!.rule, [...(missing.get(denied[0]!.rule) ?? []), ...names]);
  }
  return { edits: [...missing].flatMap(([rule, names]) => addNames(context, rule, names)), rules: missing.size };
}
