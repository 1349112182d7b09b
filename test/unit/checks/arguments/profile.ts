/** A profile with these rules, each as JSON text. */
export function profileOf(defaultAction: string, ...rules: readonly string[]): string {
  return `{ "defaultAction": "SCMP_ACT_${defaultAction}", "syscalls": [${rules.join(', ')}] }`;
}

/** A rule for some names, comma-separated, with its conditions as JSON text. */
export function ruleOf(names: string, action: string, ...conditions: readonly string[]): string {
  const list = names.split(',').map((name) => JSON.stringify(name));
  return `{ "names": [${list.join(', ')}], "action": "SCMP_ACT_${action}", "args": [${conditions.join(', ')}] }`;
}

/** A condition as JSON text: `0 EQ 5`, `0 MASKED_EQ 1 1`. */
export function on(text: string): string {
  const [index, op, value, valueTwo] = text.split(' ');
  const second = valueTwo === undefined ? '' : `, "valueTwo": ${valueTwo}`;
  return `{ "index": ${index}, "value": ${value}${second}, "op": "SCMP_CMP_${op}" }`;
}
