import { syscall, syscallNames } from '../../catalog/index.ts';
import { compareVersions } from '../../policy/target.ts';
import { ruleNames } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { consequence } from './syscall-names.ts';

export const syscallTooNew: Check = {
  code: 'syscall-too-new',
  severity: 'information',
  scope: 'rule',
  summary: "The target's libseccomp does not know the syscall yet, so the name is dropped.",
  explanation: `A name means something only to a libseccomp that knows it; an older one drops it in silence, as if it were misspelt
(\`seccomp_syscall_resolve_name(3)\`). Set \`seccomp.target.libseccomp\` to the release that your hosts have (\`runc --version\` prints it).`,
  example: {
    bad: `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["kexec_load", "mseal"], "action": "SCMP_ACT_ERRNO" }] }`,
    good: `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["kexec_load"], "action": "SCMP_ACT_ERRNO" }] }`,
    libseccomp: '2.5.4',
  },
  *find(context: CheckContext): Iterable<Finding> {
    const release = context.target.libseccomp;
    const younger = namesAfter(release);
    if (younger.size === 0) return;
    for (const rule of context.rules) {
      for (const { value, node } of ruleNames(rule)) {
        const first = younger.get(value);
        if (!first) continue;
        yield {
          span: node,
          message: `libseccomp knows "${value}" from ${first} on; the target's ${release} drops the name${consequence(context, rule)}.`,
        };
      }
    }
  },
};

/** The names that came after a release, with the release that brought them. */
function namesAfter(release: string): ReadonlyMap<string, string> {
  const known = AFTER.get(release) ?? findAfter(release);
  AFTER.set(release, known);
  return known;
}

const AFTER = new Map<string, ReadonlyMap<string, string>>();

function findAfter(release: string): ReadonlyMap<string, string> {
  const first = syscallNames().map((name) => [name, syscall(name)!.libseccomp] as const);
  return new Map(first.filter(([, version]) => compareVersions(version, release) > 0));
}
