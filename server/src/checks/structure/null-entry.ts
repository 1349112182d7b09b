import type { ObjectView } from '../../profile/model.ts';
import type { ArrayNode, Node } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding, Severity } from '../check.ts';
import { removeItems } from '../edits.ts';
import { engine, loadedByRunc, readByGo } from '../text/words.ts';
import { conditionsReachedWhere } from '../values/reach.ts';
import { isRefusedByCrun } from './keys.ts';

export const nullEntry: Check = {
  code: 'null-entry',
  severity: 'error',
  scope: 'rule',
  summary: 'A list holds null.',
  explanation: `A null among the rules makes Docker's daemon fail in the middle of its work: \`docker run\` **hangs** and the client never gets an
answer (measured with Docker 20.10 and 28; moby: \`profiles/seccomp/seccomp_linux.go\`). Podman panics. A null among conditions
stops Podman the same way and is an empty operator to runc. Among names, architectures or flags it counts as an empty
string, which runc refuses, and crun among architectures and flags; among capabilities it is a name that never matches.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }, null]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const view of context.views)
      for (const { effective, spec, typed } of view.members)
        if (effective && spec && typed?.kind === 'array' && typed.items.some(isNull))
          yield* inList(context, view, spec.key, typed);
  },
};

function isNull({ kind }: Node): boolean {
  return kind === 'null';
}

function* inList(context: CheckContext, view: ObjectView, key: string, array: ArrayNode): Iterable<Finding> {
  for (const node of array.items) {
    if (!isNull(node)) continue;
    const filter = view.kind === 'filter';
    const rule = key === 'args' ? context.document.ruleOf.get(view.node) : undefined;
    const where = rule && readByGo(context) ? conditionsReachedWhere(context, rule) : undefined;
    yield {
      span: node,
      severity: where ? 'warning' : severityOf(context, key, filter),
      message: `${consequence(context, key, filter, where)} Remove the null.`,
      fixes: () => [{ title: 'Remove null', edits: removeItems(context.document.text, array, [node]), safe: !filter }],
    };
  }
}

function severityOf(context: CheckContext, key: string, filter: boolean): Severity {
  if (filter || key === 'archMap' || isSkipped(context, key)) return 'warning';
  return readByGo(context) || isRefusedByCrun(key) ? 'error' : 'warning';
}

/** An empty name of a syscall, which only runc refuses (measured with crun and Podman). */
function isSkipped(context: CheckContext, key: string): boolean {
  return key === 'names' && !loadedByRunc(context);
}

function consequence(context: CheckContext, key: string, filter: boolean, where = ''): string {
  const runtime = context.target.runtime;
  if (filter) return `A null in "${key}" is an empty name, which never matches.`;
  if (key === 'archMap') return 'A null in "archMap" is an entry for no architecture.';
  if (isSkipped(context, key)) return `A null in "names" is an empty name, which ${engine(context)} skips.`;
  if (runtime === 'crun' && isRefusedByCrun(key))
    return `A null in "${key}" is an empty name to crun, which refuses the profile.`;
  if (runtime === 'crun') return `A null in "${key}" is skipped by newer crun releases; others fail.`;
  if (key === 'syscalls' && runtime === 'docker') return 'A null among the rules makes docker run hang for good.';
  if ((key === 'syscalls' || key === 'args') && (runtime === 'podman' || runtime === 'cri-o'))
    return `A null in "${key}" makes ${engine(context)} panic${where}.`;
  if (key === 'syscalls') return `A null among the rules has no action: ${engine(context)} refuses the profile.`;
  if (key === 'args')
    return `A null among the conditions has no operator: ${engine(context)} refuses the profile${where}.`;
  return `A null in "${key}" is an empty name to ${engine(context)}, which no engine knows.`;
}
