import type { WrittenCondition, WrittenRule } from './conditions.ts';

/** A rule as JSON: over several lines behind the indent, or in one line without it. */
export function printRule({ names, condition }: WrittenRule, indent?: string, comment?: string): string {
  const inner = indent === undefined ? undefined : `${indent}  `;
  const members = [
    ...(comment === undefined ? [] : [`"comment": ${JSON.stringify(comment)}`]),
    `"names": ${printNames(names, inner)}`,
    '"action": "SCMP_ACT_ALLOW"',
    ...(condition ? [`"args": [${printCondition(condition)}]`] : []),
  ];
  if (inner === undefined) return `{ ${members.join(', ')} }`;
  return `{\n${members.map((member) => inner + member).join(',\n')}\n${indent}}`;
}

/** Numbers are written by hand: JavaScript's own would cut those of 64 bits. */
function printCondition({ index, value, valueTwo, op }: WrittenCondition): string {
  const two = valueTwo === undefined ? '' : `, "valueTwo": ${valueTwo}`;
  return `{ "index": ${index}, "value": ${value}${two}, "op": "${op}" }`;
}

/** One name a line where they are many. */
function printNames(names: readonly string[], indent: string | undefined): string {
  const quoted = names.map((name) => JSON.stringify(name));
  if (indent === undefined || quoted.length <= 4) return `[${quoted.join(', ')}]`;
  return `[\n${quoted.map((name) => `${indent}  ${name}`).join(',\n')}\n${indent}]`;
}

/** A profile that allows what the rules name and answers ENOSYS to all else, so that programs fall back on older calls. */
export function printProfile(
  architectures: readonly string[],
  rules: readonly { readonly rule: WrittenRule; readonly comment?: string }[],
): string {
  const listed = architectures.map((name) => `    ${JSON.stringify(name)}`).join(',\n');
  const printed = rules.map(({ rule, comment }) => `    ${printRule(rule, '    ', comment)}`).join(',\n');
  return `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "defaultErrnoRet": 38,
  "architectures": [
${listed}
  ],
  "syscalls": [
${printed}
  ]
}
`;
}
