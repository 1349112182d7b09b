import { decoder } from '../../catalog/index.ts';
import type { Rule } from '../../profile/model.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { type Comparison, comparisonsOf, isSplit, MASKED, namedArguments, spanOf } from './conditions.ts';
import { isDenial } from './denied.ts';
import { changedText, copies, textOf } from './rewrite.ts';

export const maskAllNamespaces: Check = {
  code: 'mask-all-namespaces',
  severity: 'warning',
  scope: 'rule',
  summary: 'A rule against new namespaces only matches when all of the flags are given together.',
  explanation: `\`SCMP_CMP_MASKED_EQ\` with the same number as mask and as \`valueTwo\` holds when **all** of its bits are set in the argument
(\`man 3 seccomp_rule_add\`, measured). In a rule that denies \`CLONE_NEWUSER | CLONE_NEWNET\` that lets every call pass that asks for just one of
them. "Any of these bits" cannot be said in one condition: it takes a rule for each bit, or a profile that denies by default and allows
the call when none of the bits is set.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["unshare"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 1342177280, "valueTwo": 1342177280, "op": "SCMP_CMP_MASKED_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["unshare"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 268435456, "valueTwo": 268435456, "op": "SCMP_CMP_MASKED_EQ" }]
    },
    {
      "names": ["unshare"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 0, "value": 1073741824, "valueTwo": 1073741824, "op": "SCMP_CMP_MASKED_EQ" }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const rule of context.rules)
      if (isDenial(context, rule))
        for (const comparison of comparisonsOf(rule)) yield* together(context, rule, comparison);
  },
};

function* together(context: CheckContext, rule: Rule, comparison: Comparison): Iterable<Finding> {
  const { condition, op, value, datum } = comparison;
  if (op !== MASKED || value !== datum) return;
  const flags = namespaceFlags(context, rule, comparison);
  if (flags.length < 2) return;
  yield {
    span: spanOf(condition, 'valueTwo'),
    message: `This matches only when ${flags.map(({ name }) => name).join(' and ')} are all given: a call with one of them passes. Write a rule for each flag.`,
    fixes: () => separate(context, rule, comparison),
  };
}

/** The CLONE_NEW* flags in the mask, as far as the argument takes them. */
function namespaceFlags(
  context: CheckContext,
  rule: Rule,
  { index, value }: Comparison,
): readonly { readonly name: string; readonly value: bigint }[] {
  const ids = namedArguments(rule, index, context).flatMap(({ argument }) => argument.decoder ?? []);
  const known = ids.map((id) => decoder(id)).find((found) => found?.values.some(isNamespace));
  return (known?.values ?? []).filter((flag) => isNamespace(flag) && (value & flag.value) === flag.value);
}

function isNamespace({ name, value }: { readonly name: string; readonly value: bigint }): boolean {
  return name.startsWith('CLONE_NEW') && value !== 0n;
}

/** One rule for each bit of the mask. */
function separate(context: CheckContext, rule: Rule, { condition, value }: Comparison): readonly Fix[] {
  if (isSplit(rule)) return [];
  const lists = bitsOf(value).map((bit) =>
    rule.conditions
      .map((other) =>
        other === condition ? changedText(context, other, { value: bit, valueTwo: bit }) : textOf(context, other),
      )
      .join(', '),
  );
  const edits = copies(context, rule, lists);
  return edits.length > 0 ? [{ title: 'Write a rule for each flag', edits, safe: false }] : [];
}

function bitsOf(value: bigint): readonly bigint[] {
  return Array.from({ length: 64 }, (_, i) => 1n << BigInt(i)).filter((bit) => (value & bit) !== 0n);
}
