import { architecture } from '../../catalog/index.ts';
import { dialectOf } from '../../policy/target.ts';
import { hasTypeThroughout, itemKind } from '../../profile/decode.ts';
import type { MemberView, ObjectView } from '../../profile/model.ts';
import type { KeySpec, ValueType } from '../../profile/schema.ts';
import { firstSign, type Node } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { isFragmentary } from '../text/problems.ts';
import { engine, readByGo } from '../text/words.ts';
import { convert, nameOfNumber } from './conversions.ts';
import { isRefusedByCrun, rivalOf } from './keys.ts';

export const wrongType: Check = {
  code: 'wrong-type',
  severity: 'error',
  scope: 'rule',
  summary: 'A value is of another JSON type than its key takes.',
  explanation: `Docker, Podman, containerd and runc decode the profile into typed fields and refuse it as a whole when one value does not fit:
"Decoding seccomp profile failed: json: cannot unmarshal string into Go struct field ... of type []string" (Go:
\`encoding/json\`, measured). So it is where a later member of the same key replaces the value. This concerns \`comment\` in a rule too, which must be a text.

crun skips most values of a wrong type in silence, and refuses the profile where the key is one that it needs.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": "kexec_load", "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["kexec_load"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    // nobody decodes the members of a rule that stands alone: at the top level its keys are unknown
    if (isFragmentary(context.document) || context.document.shape === 'rule') return;
    const dialect = dialectOf(context.target.runtime);
    // Go decodes what a later member of the same key replaces, too
    for (const view of context.views)
      for (const member of view.members)
        if (!isRight(member) && member.spec?.readers.includes(dialect) && (member.effective || readByGo(context)))
          yield* inMember(context, view, member);
  },
};

/** A look that nearly every member passes. */
function isRight({ spec, typed }: MemberView): boolean {
  return spec !== undefined && typed !== undefined && hasTypeThroughout(spec.type, typed);
}

function* inMember(context: CheckContext, view: ObjectView, { spec, member, typed }: MemberView): Iterable<Finding> {
  const { value } = member;
  if (!spec || !value || skipped(value)) return;
  if (typed?.kind === 'array') yield* inItems(context, view, spec, typed.items);
  if (typed) return;
  const wanted = `"${spec.key}" must be ${WANTED[spec.type.kind]}`;
  // what is right then would be refused together with its rival
  const mild = !readByGo(context) && !spec.required;
  yield finding(context, value, wanted, mild, () =>
    rivalOf(context, view, spec.key) ? [] : convert(context, spec.type, value),
  );
}

function* inItems(context: CheckContext, view: ObjectView, spec: KeySpec, items: readonly Node[]): Iterable<Finding> {
  const kind = itemKind(spec.type);
  const syscalls = view.kind === 'rule' && spec.key === 'names';
  const table = syscalls ? architecture(context.target.architecture)?.table : undefined;
  for (const item of items) {
    if (skipped(item) || item.kind === kind) continue;
    const wanted = `"${spec.key}" takes ${kind === 'object' ? 'objects' : 'texts in double quotes'}`;
    const mild = !readByGo(context) && !isRefusedByCrun(spec.key);
    yield finding(context, item, wanted, mild, () => (table ? nameOfNumber(item, table) : []));
  }
}

/** Null and text that is no JSON are told of elsewhere. */
function skipped(value: Node): boolean {
  return value.kind === 'null' || value.kind === 'invalid';
}

function finding(
  context: CheckContext,
  value: Node,
  wanted: string,
  mild: boolean,
  fixes: () => readonly Fix[],
): Finding {
  return {
    span: value.kind === 'object' || value.kind === 'array' ? firstSign(value) : value,
    ...(mild && { severity: 'warning' }),
    message: `${wanted}, not ${FOUND[value.kind]}. ${engine(context)} ${mild ? 'skips it in silence' : 'refuses the profile'}.`,
    fixes: () => (mild ? fixes().map((fix) => ({ ...fix, safe: false })) : fixes()),
  };
}

const WANTED: Readonly<Record<ValueType['kind'], string>> = {
  string: 'a text in double quotes',
  uint: 'a whole number',
  strings: 'a list of texts',
  object: 'an object',
  objects: 'a list of objects',
};

const FOUND: Readonly<Record<Node['kind'], string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
  invalid: 'this',
};
