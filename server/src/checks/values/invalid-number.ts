import { readUint } from '../../profile/decode.ts';
import type { Domain } from '../../profile/schema.ts';
import type { NumberNode, Span } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { replaceNode } from '../edits.ts';
import { problemsOf } from '../text/problems.ts';
import { engine, quote, readByGo } from '../text/words.ts';
import { parseNumber } from './numbers.ts';

export const invalidNumber: Check = {
  code: 'invalid-number',
  severity: 'error',
  scope: 'rule',
  summary: 'A number is not written as JSON, or does not fit: engines take whole numbers from 0 to 2⁶⁴-1.',
  explanation: `JSON has decimal numbers only: no \`0x1f\`, no leading zeros (RFC 8259). The numbers of a profile are unsigned and whole, so Go
refuses \`-1\`, \`1.0\` and \`1e3\` as well: "cannot unmarshal number -1 into Go struct field ... of type uint64" (measured with
Docker, Podman and runc). crun takes \`-1\` for 2⁶⁴-1.

Up to 2⁶⁴-1 engines read numbers exactly, though many JSON tools round them from 2⁵³ on.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["ioctl"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 1, "value": 0x5412, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["ioctl"],
      "action": "SCMP_ACT_ERRNO",
      "args": [{ "index": 1, "value": 21522, "op": "SCMP_CMP_EQ" }]
    }
  ]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const problems = context.outside ? problemsOf(context.document, 'invalid-number') : [];
    for (const problem of problems) yield notJson(context, problem);
    for (const view of context.views)
      for (const { effective, spec, typed } of view.members)
        if (
          (effective || readByGo(context)) &&
          spec?.type.kind === 'uint' &&
          typed?.kind === 'number' &&
          readUint(typed.text) === undefined
        )
          yield unreadable(context, spec.key, spec.type.domain, typed);
  },
};

const MAX = 2n ** 64n - 1n;

/** `0x1f`, `007`: no JSON at all. */
function notJson(context: CheckContext, problem: Span): Finding {
  const text = context.document.text.slice(problem.start, problem.end);
  const value = parseNumber(text);
  return {
    span: { start: problem.start, end: problem.end },
    message: `${quote(text)} is no JSON number: ${engine(context)} refuses the file. ${advice(value)}`,
    fixes: () => fixesFor(text, value, problem, 'text'),
  };
}

/** A number of JSON that is none of an engine. */
function unreadable(context: CheckContext, key: string, domain: Domain, typed: NumberNode): Finding {
  const value = parseNumber(typed.text);
  const wraps = !readByGo(context) && domain === 'argumentValue' && value !== undefined && value < 0n;
  return {
    span: typed,
    ...(wraps && { severity: 'warning' }),
    message: wraps
      ? `crun takes ${typed.text} for ${value + MAX + 1n}; every other engine refuses the profile. Write it so.`
      : `"${key}" takes a whole number from 0 to 2⁶⁴-1, not ${shown(typed.text)}: ${engine(context)} refuses the profile. ${advice(value)}`,
    fixes: () => fixesFor(typed.text, value, typed, domain),
  };
}

function shown(text: string): string {
  return text.length > 30 ? `${text.slice(0, 30)}…` : text;
}

function advice(value: bigint | undefined): string {
  if (value === undefined) return 'Write a whole number in decimal digits.';
  if (value > MAX) return 'No argument is as large as that.';
  return value < 0n ? 'Write the same bits as an unsigned number.' : `Write ${value}.`;
}

function fixesFor(text: string, value: bigint | undefined, node: Span, domain: Domain): readonly Fix[] {
  if (value === undefined) return leadingZeros(text).map((number) => fix(node, number, false));
  if (value > MAX || value < -MAX) return [];
  if (value >= 0n) return [fix(node, value, true)];
  if (domain === 'errno') return [fix(node, -value, false)];
  return domain === 'argumentValue' ? [fix(node, value + MAX + 1n, false), ...asInt(node, value)] : [];
}

/** A negative `int` may reach the filter with its upper half empty. */
function asInt(node: Span, value: bigint): readonly Fix[] {
  return value >= -(2n ** 31n) ? [fix(node, value + 2n ** 32n, false)] : [];
}

/** `0755` may be decimal or, as in C, octal. */
function leadingZeros(text: string): readonly bigint[] {
  const digits = /^0+([1-9][0-9]{0,18})$/.exec(text)?.[1];
  if (!digits) return [];
  return /^[0-7]+$/.test(digits) ? [BigInt(`0o${digits}`), BigInt(digits)] : [BigInt(digits)];
}

function fix(node: Span, value: bigint, safe: boolean): Fix {
  return { title: `Replace with ${value}`, edits: [replaceNode(node, String(value))], safe };
}
