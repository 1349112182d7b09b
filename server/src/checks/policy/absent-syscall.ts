import { type Architecture, architecture, isSyscall, numberOn, syscall, tablesWith } from '../../catalog/index.ts';
import { multiplexed } from '../../policy/multiplex.ts';
import type { ObjectView, Profile, Rule } from '../../profile/model.ts';
import { ruleNames } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { removeName } from './names.ts';

export const absentSyscall: Check = {
  code: 'absent-syscall',
  severity: 'information',
  scope: 'rule',
  summary: "The syscall exists on none of the profile's architectures.",
  explanation: `libseccomp knows the name, but only on other architectures: on those of the profile the rule does nothing for it
(libseccomp: \`src/syscalls.csv\`). Names of the 32-bit companions of a listed architecture (x86 and x32 beside x86-64, arm
beside aarch64) are not reported.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
  "syscalls": [{ "names": ["bpf", "s390_pci_mmio_read"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { profile } = context;
    const covered = profile && coveredArchitectures(profile);
    if (!covered) return;
    const isPresent = presentOn(covered);
    for (const rule of context.rules) if (!isForOtherHosts(rule)) yield* inRule(context, rule, isPresent);
  },
};

/** The listed architectures and their companions; undefined when the profile lists none. */
function coveredArchitectures(profile: Profile): readonly Architecture[] | undefined {
  const known = COVERED.get(profile.view);
  if (known) return known.architectures;
  const architectures = findCovered(profile);
  COVERED.set(profile.view, { architectures });
  return architectures;
}

/** By what is outside of rules: one rule after the other is asked for, and each version of it. */
const COVERED = new WeakMap<ObjectView, { readonly architectures: readonly Architecture[] | undefined }>();

function findCovered(profile: Profile): readonly Architecture[] | undefined {
  const listed = [
    ...profile.architectures,
    ...profile.archMap.flatMap((entry) => [
      ...(entry.architecture ? [entry.architecture] : []),
      ...entry.subArchitectures,
    ]),
  ].flatMap((text) => architecture(text.value) ?? []);
  if (listed.length === 0) return undefined;
  const companions = listed.flatMap((arch) => arch.companions.flatMap((name) => architecture(name) ?? []));
  return [...new Set([...listed, ...companions])];
}

function isForOtherHosts(rule: Rule): boolean {
  return (rule.includes?.arches.length ?? 0) > 0;
}

function* inRule(context: CheckContext, rule: Rule, isPresent: (name: string) => boolean): Iterable<Finding> {
  for (const { value, node } of ruleNames(rule)) {
    if (!isSyscall(value) || isPresent(value)) continue;
    const having = tablesWith(value);
    yield {
      span: node,
      message: `"${value}" exists on none of the profile's architectures${having.length > 0 ? `, only on ${having.join(', ')}` : ''}; here it does nothing.`,
      tag: 'unnecessary',
      fixes: () => [{ title: `Remove "${value}"`, edits: removeName(context, rule, node), safe: false }],
    };
  }
}

/** Whether one of the architectures has a syscall. Profiles list few different sets of architectures, and few of all names. */
function presentOn(covered: readonly Architecture[]): (name: string) => boolean {
  const key = covered.map(({ name }) => name).join();
  const known = PRESENT.get(key) ?? new Map<string, boolean>();
  PRESENT.set(key, known);
  return (name) => {
    let present = known.get(name);
    if (present === undefined) {
      present = covered.some((arch) => exists(name, arch));
      // the catalogue's name: the given one can be a slice of a text, which it would keep in memory
      known.set(syscall(name)?.name ?? name, present);
    }
    return present;
  };
}

/** By the architectures, then by the syscall. */
const PRESENT = new Map<string, Map<string, boolean>>();

function exists(name: string, { table }: Architecture): boolean {
  return numberOn(name, table) !== undefined || multiplexed(name, table) !== undefined;
}
