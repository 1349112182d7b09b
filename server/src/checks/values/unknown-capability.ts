import { capabilities, capability } from '../../catalog/index.ts';
import { dialectOf } from '../../policy/target.ts';
import type { Rule, RuleFilter } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { quote } from '../text/words.ts';
import { didYouMean, guess, guessFixes, type Vocabulary } from './guesses.ts';

export const unknownCapability: Check = {
  code: 'unknown-capability',
  severity: 'warning',
  scope: 'rule',
  summary: 'The capability in `includes` or `excludes` does not exist, so it never matches.',
  explanation: `Docker and Podman compare these names to the letter with those of the container's bounding set, \`CAP_SYS_ADMIN\` (moby:
\`profiles/seccomp/seccomp_linux.go\`, measured). \`SYS_ADMIN\`, as \`--cap-add\` takes it, and \`cap_sys_admin\` never match, and
nobody says so: \`includes\` then drops the rule always, and in \`excludes\` the name has no effect.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO", "excludes": { "caps": ["SYS_ADMIN"] } }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO", "excludes": { "caps": ["CAP_SYS_ADMIN"] } }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    if (dialectOf(context.target.runtime) === 'oci') return;
    for (const rule of context.rules)
      for (const key of ['includes', 'excludes'] as const) if (rule[key]) yield* inFilter(rule, key, rule[key]);
  },
};

function vocabulary(): Vocabulary {
  return { terms: capabilities().map((term) => term.name), prefix: 'CAP_' };
}

function* inFilter(rule: Rule, key: 'includes' | 'excludes', filter: RuleFilter): Iterable<Finding> {
  for (const text of filter.caps) {
    if (capability(text.value) || !text.node.closed) continue;
    const guesses = guess(text.value, vocabulary()).map(({ value }) => ({ value, certain: false }));
    yield {
      span: text.node,
      message: `${quote(text.value)} is no capability and never matches, so ${effect(rule, key)}. ${didYouMean(guesses, 'Write it as "CAP_SYS_ADMIN".')}`,
      fixes: () => guessFixes(text, guesses),
    };
  }
}

function effect({ position }: Rule, key: 'includes' | 'excludes'): string {
  return key === 'includes' ? `rule ${position + 1} is always left out` : 'it excludes nothing';
}
