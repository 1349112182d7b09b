import { type Architecture, architecture, architectures } from '../../catalog/index.ts';
import { dialectOf } from '../../policy/target.ts';
import type { Text } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { quote } from '../text/words.ts';
import { ARCHITECTURE_WORDS } from './architectures.ts';
import { didYouMean, guess, guessFixes } from './guesses.ts';

export const unknownIncludeArchitecture: Check = {
  code: 'unknown-include-architecture',
  severity: 'warning',
  scope: 'rule',
  summary: 'The architecture in `includes` or `excludes` is not spelt as engines compare it, so it never matches.',
  explanation: `\`arches\` is compared to the letter with one name, that of the host in Go's spelling: \`amd64\`, \`arm64\`, \`s390x\` (moby:
\`profiles/seccomp/seccomp_linux.go\`, measured). \`x86_64\`, \`AMD64\` and \`SCMP_ARCH_X86_64\` never match: \`includes\` then drops
the rule on every host, and in \`excludes\` the name has no effect.

\`x86\` and \`x32\` are spelt right, as in Docker's own profile, but no 64-bit host is called so.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["modify_ldt"], "action": "SCMP_ACT_ERRNO", "includes": { "arches": ["SCMP_ARCH_X86_64"] } }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["modify_ldt"], "action": "SCMP_ACT_ERRNO", "includes": { "arches": ["amd64"] } }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const dialect = dialectOf(context.target.runtime);
    if (dialect === 'oci') return;
    for (const rule of context.rules) {
      for (const key of ['includes', 'excludes'] as const) {
        for (const text of rule[key]?.arches ?? []) {
          if (SPELLINGS.has(text.value) || !text.node.closed) continue;
          yield finding(text, key, dialect, rule.position + 1);
        }
      }
    }
  },
};

/** All that some engine compares with; `x32` stands in Docker's own profile although it never matches. */
const SPELLINGS: ReadonlySet<string> = new Set([
  ...architectures().flatMap((arch) => [arch.docker, arch.podman].flatMap((name) => name ?? [])),
  'x32',
]);

function finding(text: Text, key: 'includes' | 'excludes', dialect: 'docker' | 'podman', rule: number): Finding {
  const guesses = spellings(text.value, dialect).map((value) => ({ value, certain: false }));
  const effect = key === 'includes' ? `for it rule ${rule} is left out on every host` : 'it excludes nothing';
  return {
    span: text.node,
    message: `${quote(text.value)} is no architecture in Go's spelling and never matches: ${effect}. ${didYouMean(guesses, 'Write it as "amd64".')}`,
    fixes: () => guessFixes(text, guesses),
  };
}

function spellings(text: string, dialect: 'docker' | 'podman'): readonly string[] {
  const plain = text.trim().toLowerCase();
  if (SPELLINGS.has(plain)) return [plain];
  const meant = guess(text, ARCHITECTURE_WORDS).flatMap(({ value }) => architecture(value) ?? []);
  return [...new Set(meant.flatMap((arch: Architecture) => arch[dialect] ?? []))];
}
