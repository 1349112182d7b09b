import { action, errnoByName } from '../../catalog/index.ts';
import { excludesMatch, includesMatch } from '../../policy/resolve.ts';
import { dialectOf } from '../../policy/target.ts';
import { errnoLabel } from '../../policy/words.ts';
import { effectiveMember, type ObjectView, type Rule, type RuleFilter, type Text } from '../../profile/model.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { removeMembers, replaceNode } from '../edits.ts';
import { engine, quote } from '../text/words.ts';
import { removeRule } from './rules.ts';

export const ignoredKey: Check = {
  code: 'ignored-key',
  severity: 'warning',
  scope: 'rule',
  summary: "The target's runtime does not read this key, and that changes what the profile does.",
  explanation: `The engines extend the format, each in its own way, and skip the additions of the others in silence (measured):

\`includes\` and \`excludes\` are read by Docker and Podman; for containerd, Kubernetes on containerd, runc and crun the rule
applies **always**. \`minKernel\` in them is Docker's alone. \`errno\` and \`defaultErrno\`, an errno by name, are Podman's and
CRI-O's; the others take \`errnoRet\` and \`defaultErrnoRet\`, and EPERM without those (containers: \`common/pkg/seccomp\`).

A key that is skipped without a difference, such as \`errno\` beside the same \`errnoRet\`, is not reported.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO", "errno": "ENOSYS" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38 }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { profile, outside } = context;
    if (outside && profile) yield* errnoText(context, profile.view, profile.defaultAction, DEFAULT_KEYS);
    for (const rule of context.rules) {
      yield* errnoText(context, rule.view, rule.action, RULE_KEYS);
      yield* filter(context, rule, 'includes');
      yield* filter(context, rule, 'excludes');
    }
  },
};

interface ErrnoKeys {
  readonly text: string;
  readonly number: string;
}

const DEFAULT_KEYS: ErrnoKeys = { text: 'defaultErrno', number: 'defaultErrnoRet' };
const RULE_KEYS: ErrnoKeys = { text: 'errno', number: 'errnoRet' };

/** An errno by name where only numbers are read, if the action returns one and it is another than what counts. */
function* errnoText(
  context: CheckContext,
  view: ObjectView,
  actionText: Text | undefined,
  keys: ErrnoKeys,
): Iterable<Finding> {
  const member = effectiveMember(view, keys.text)?.member;
  if (member?.value?.kind !== 'string' || member.value.value === '') return;
  if (dialectOf(context.target.runtime) === 'podman' || !action(actionText?.value ?? '')?.takesErrno) return;
  const wanted = errnoOf(member.value.value);
  const counting = effectiveMember(view, keys.number)?.typed;
  const number = counting?.kind === 'number' ? Number(counting.text) : 1;
  if (wanted === number) return;
  yield {
    span: member.key,
    message: `${engine(context)} does not read "${keys.text}": the call fails with ${errnoLabel(number)}, not ${quote(member.value.value)}. Write "${keys.number}"${wanted === undefined ? '' : `: ${wanted}`}.`,
    fixes: () => {
      // what stands for the number, be it null, cannot stand there twice
      if (wanted === undefined || (!counting && effectiveMember(view, keys.number))) return [];
      const edits = counting
        ? [...removeMembers(context.document.text, view, [member]), replaceNode(counting, String(wanted))]
        : [replaceNode(member.key, `"${keys.number}"`), replaceNode(member.value!, String(wanted))];
      return [{ title: `Replace with "${keys.number}": ${wanted}`, edits, safe: false }];
    },
  };
}

function errnoOf(text: string): number | undefined {
  return /^[0-9]{1,5}$/.test(text) ? Number(text) : errnoByName(text)?.number;
}

/** `includes` and `excludes` for readers of bare OCI; their `minKernel` for all but Docker. */
function* filter(context: CheckContext, rule: Rule, key: 'includes' | 'excludes'): Iterable<Finding> {
  const found = rule[key];
  if (!found) return;
  const dialect = dialectOf(context.target.runtime);
  const filled = found.caps.length > 0 || found.arches.length > 0 || !!found.minKernel?.value;
  if (dialect === 'oci' && filled) yield wholeFilter(context, rule, key, found);
  else if (dialect === 'podman' && found.minKernel?.value) {
    const { member } = effectiveMember(found.view, 'minKernel')!;
    yield {
      span: member.key,
      message: `${engine(context)} does not read "minKernel": the kernel makes no difference to this rule. Only Docker reads it.`,
    };
  }
}

function wholeFilter(context: CheckContext, rule: Rule, key: 'includes' | 'excludes', found: RuleFilter): Finding {
  const { member } = effectiveMember(rule.view, key)!;
  return {
    span: member.key,
    message: `${engine(context)} does not read "${key}": the rule applies to every container on every host. Write a profile for each case.`,
    fixes: () => filterFixes(context, rule, key, found),
  };
}

/** What Docker would make of it on the target's host: the rule without its condition, or no rule. */
function filterFixes(
  context: CheckContext,
  rule: Rule,
  key: 'includes' | 'excludes',
  found: RuleFilter,
): readonly Fix[] {
  const docker = { ...context.target, runtime: 'docker' as const };
  const kept = key === 'includes' ? includesMatch(found, docker) : !excludesMatch(found, docker);
  const { member } = effectiveMember(rule.view, key)!;
  if (kept)
    return [
      {
        title:
          key === 'includes'
            ? 'Remove "includes", which holds on the target'
            : 'Remove "excludes", which does not hold on the target',
        edits: removeMembers(context.document.text, rule.view, [member]),
        safe: false,
      },
    ];
  const edits = removeRule(context, rule);
  return edits ? [{ title: 'Remove the rule, which does not apply on the target', edits, safe: false }] : [];
}
