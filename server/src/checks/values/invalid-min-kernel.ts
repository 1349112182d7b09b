import type { RuleFilter, Text } from '../../profile/model.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { replaceNode } from '../edits.ts';
import { quote } from '../text/words.ts';

export const invalidMinKernel: Check = {
  code: 'invalid-min-kernel',
  severity: 'error',
  scope: 'rule',
  summary: '`minKernel` is not of the form `"4.8"`.',
  explanation: `Docker takes two decimal numbers with a point between them, each up to 255, and refuses the profile otherwise: "invalid kernel
version: "4.8.0", expected "<kernel>.<major>"" (moby: \`profiles/seccomp/kernel_linux.go\`, measured). Neither a patch level nor
a \`v\` nor \`-rc1\` fits. An empty text is version 0.0, which every kernel reaches. No other engine reads the key.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{ "names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "includes": { "minKernel": "4.8.0" } }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{ "names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "includes": { "minKernel": "4.8" } }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    if (context.target.runtime !== 'docker') return;
    for (const { minKernel } of context.rules.flatMap(filtersOf)) {
      if (!minKernel || isVersion(minKernel.value) || !minKernel.node.closed) continue;
      yield {
        span: minKernel.node,
        message: `${quote(minKernel.value)} is no kernel version of two numbers: Docker refuses the profile. Write it as "4.8".`,
        fixes: () => fixes(minKernel),
      };
    }
  },
};

function filtersOf(rule: {
  readonly includes: RuleFilter | undefined;
  readonly excludes: RuleFilter | undefined;
}): readonly RuleFilter[] {
  return [rule.includes, rule.excludes].flatMap((filter) => filter ?? []);
}

function isVersion(text: string): boolean {
  if (text === '') return true;
  const match = /^(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major <= 255 && minor <= 255 && major + minor > 0;
}

/** Keeps the two numbers that count; a version of one number gets a zero. */
function fixes({ value, node }: Text): readonly Fix[] {
  const match = /^\s*v?(\d+)(?:\.(\d+))?(?:[.\-+_]\S*)?\s*$/i.exec(value);
  const version = match && `${match[1]}.${match[2] ?? '0'}`;
  if (!version || !isVersion(version)) return [];
  return [{ title: `Replace with "${version}"`, edits: [replaceNode(node, `"${version}"`)], safe: true }];
}
