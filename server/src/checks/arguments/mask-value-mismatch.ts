import { hex } from '../../policy/words.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { type Comparison, comparisonsOf, MASKED } from './conditions.ts';
import { changeCondition } from './rewrite.ts';

export const maskValueMismatch: Check = {
  code: 'mask-value-mismatch',
  severity: 'warning',
  scope: 'rule',
  summary: '`valueTwo` has bits that the mask in `value` does not select.',
  explanation: `\`SCMP_CMP_MASKED_EQ\` means \`(argument & value) == (valueTwo & value)\`: \`value\` is the mask. Bits of \`valueTwo\` outside of it
can never be compared, and libseccomp strips them without a word (libseccomp: \`src/db.c\`, measured). Either a bit is missing in
the mask, or the two numbers were exchanged, which turns the meaning round.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 1, "value": 3, "valueTwo": 15, "op": "SCMP_CMP_MASKED_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["socket"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 1, "value": 15, "valueTwo": 3, "op": "SCMP_CMP_MASKED_EQ" }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    for (const comparison of context.rules.flatMap(comparisonsOf))
      if (comparison.op === MASKED && comparison.value !== 0n && outside(comparison) !== 0n)
        yield finding(context, comparison);
  },
};

/** The bits of `valueTwo` that the mask does not select. */
function outside({ condition, value }: Comparison): bigint {
  return (condition.valueTwo?.value ?? 0n) & ~value;
}

function finding(context: CheckContext, comparison: Comparison): Finding {
  const lost = hex(outside(comparison));
  return {
    span: comparison.condition.valueTwo!.node,
    message: `The mask ${hex(comparison.value)} in "value" does not select the bits ${lost} of valueTwo, so they are ignored. Add them to the mask, or exchange the two numbers.`,
    fixes: () => fixes(context, comparison),
  };
}

function fixes(context: CheckContext, { condition, value, datum }: Comparison): readonly Fix[] {
  const written = condition.valueTwo!.value;
  const swapped: Fix = {
    title: 'Exchange "value" and "valueTwo"',
    edits: changeCondition(context, condition, { value: written, valueTwo: value }),
    safe: false,
  };
  const others: readonly Fix[] = [
    {
      title: `Add the bits to the mask`,
      edits: changeCondition(context, condition, { value: value | written }),
      safe: false,
    },
    {
      title: `Replace valueTwo with ${datum}, as the engine does`,
      edits: changeCondition(context, condition, { valueTwo: datum }),
      safe: false,
    },
  ];
  return (value & ~written) === 0n ? [swapped, ...others] : others;
}
