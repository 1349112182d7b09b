import type { Analysis } from '../../checks/analyse.ts';
import type { KeySpec, ObjectKind, ValueType } from '../../profile/schema.ts';
import { choice, placeholder } from './snippet.ts';
import { actionNames, operatorTerms } from './terms.ts';

/** What an empty object of the format starts with, as a snippet; line breaks where `eol` gives one. */
export function objectShape(analysis: Analysis, of: ObjectKind, eol: string): string {
  switch (of) {
    case 'profile':
      return profileShape(analysis, eol);
    case 'rule':
      return `{ "names": ["$1"], "action": "${choice(2, actionNames(analysis, 'rule'))}" }`;
    case 'condition':
      return `{ "index": ${placeholder(1, '0')}, "value": ${placeholder(2, '0')}, "op": "${operatorChoice(3)}" }`;
    case 'archMapEntry':
      return '{ "architecture": "$1", "subArchitectures": ["$2"] }';
    case 'filter':
      return '{ "caps": ["$1"] }';
  }
}

function profileShape(analysis: Analysis, eol: string): string {
  const lines = [
    '{',
    `\t"defaultAction": "${choice(1, actionNames(analysis, 'default'))}",`,
    '\t"syscalls": [',
    `\t\t{ "names": ["$2"], "action": "${choice(3, actionNames(analysis, 'rule'))}" }`,
    '\t]',
    '}',
  ];
  return lines.join(eol);
}

function operatorChoice(tabstop: number): string {
  return choice(
    tabstop,
    operatorTerms().map((term) => term.name),
  );
}

/** What the value of a key starts with, as a snippet. */
export function valueShape(analysis: Analysis, spec: Pick<KeySpec, 'key' | 'type'>, eol: string): string {
  const { type } = spec;
  switch (type.kind) {
    case 'string':
      return `"${stringShape(analysis, spec.key, type)}"`;
    case 'uint':
      return placeholder(1, type.domain === 'errno' ? '1' : '0');
    case 'strings':
      return '["$1"]';
    case 'object':
      return objectShape(analysis, type.of, eol);
    case 'objects':
      return `[${eol}${eol && '\t'}${objectShape(analysis, type.of, eol)}${eol}]`;
  }
}

function stringShape(analysis: Analysis, key: string, type: ValueType & { readonly kind: 'string' }): string {
  if (type.domain === 'action') return choice(1, actionNames(analysis, key === 'defaultAction' ? 'default' : 'rule'));
  return type.domain === 'operator' ? operatorChoice(1) : '$1';
}
