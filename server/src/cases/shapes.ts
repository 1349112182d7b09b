import { choice, placeholder } from '../features/completion/snippet.ts';
import { type CaseKey, type CaseObject, type CaseValue, NETWORKS } from './schema.ts';

/** What the value of a key starts with, as a snippet. */
export function shapeOf(type: CaseValue, key: CaseKey['key']): string {
  switch (type.kind) {
    case 'text':
    case 'text-or-texts':
      return type.domain === 'network' ? `"${choice(1, NETWORKS)}"` : '"$1"';
    case 'texts':
      return '["$1"]';
    case 'number':
      return placeholder(1, key === 'exit' ? '0' : '30');
    case 'flag':
      return placeholder(1, 'true');
    case 'map':
      return '{ "$1": "$2" }';
    case 'object':
      return objectShape(type.of);
    case 'objects':
      return `[${objectShape(type.of)}]`;
  }
}

/** What an empty object of the format starts with, as a snippet. */
export function objectShape(of: CaseObject): string {
  switch (of) {
    case 'file':
      return fileShape();
    case 'case':
      return caseShape(1);
    case 'mount':
      return '{ "source": "$1", "target": "/$2" }';
    case 'capabilities':
      return '{ "add": ["$1"] }';
    case 'expect':
      return `{ "exit": ${placeholder(1, '0')} }`;
    case 'output':
      return '{ "contains": "$1" }';
  }
}

/** A whole file with one case. */
export const fileShape = (): string =>
  ['{', '\t"profile": "$1",', '\t"cases": [', `\t\t${caseShape(2)}`, '\t]', '}'].join('\n');

const caseShape = (tabstop: number): string =>
  `{ "name": "$${tabstop}", "expect": { "exit": ${placeholder(tabstop + 1, '0')} } }`;
