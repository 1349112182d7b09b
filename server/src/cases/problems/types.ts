import type { Member, Node } from '../../syntax/tree.ts';
import type { CaseProblem, CasesDocument } from '../model.ts';
import type { CaseKey, CaseValue } from '../schema.ts';
import { error } from './problem.ts';

/** Values that are not of the type that their key takes. */
export function typeProblems({ tree: { root }, views }: CasesDocument): readonly CaseProblem[] {
  const outer = root && root.kind !== 'object' && root.kind !== 'array' && root.kind !== 'invalid';
  return [
    ...(outer ? [error('type', root, 'A file of test cases is an object with "cases".')] : []),
    ...(root?.kind === 'array' ? items(root, 'object', 'A case is an object: { "name": …, "expect": … }.') : []),
    ...views.flatMap(({ members }) => members.flatMap(({ member, spec }) => (spec ? ofMember(member, spec) : []))),
  ];
}

function ofMember({ value }: Member, { key, type }: CaseKey): readonly CaseProblem[] {
  if (!value || value.kind === 'invalid') return [];
  const inner = type.kind === 'texts' || type.kind === 'text-or-texts' || type.kind === 'objects';
  if (inner && value.kind === 'array') {
    const [kind, words] = type.kind === 'objects' ? (['object', 'objects'] as const) : (['string', 'texts'] as const);
    return items(value, kind, `"${key}" is a list of ${words}.`);
  }
  if (type.kind === 'map' && value.kind === 'object')
    return value.members.flatMap(({ value: each }) =>
      each && each.kind !== 'string' && each.kind !== 'invalid'
        ? [error('type', each, `The values of "${key}" are texts: write them in quotes.`)]
        : [],
    );
  if (fits(value, type)) return [];
  const list = type.kind === 'texts' && value.kind === 'string';
  const fixes = list ? [listOf(value)] : [];
  return [error('type', value, `"${key}" takes ${wanted(type)}.${list && key === 'command' ? NO_SHELL : ''}`, fixes)];
}

const NO_SHELL = ' A text is not split at its blanks, since no shell reads it.';

const listOf = (value: Node & { readonly kind: 'string' }) => ({
  title: 'Make it a list',
  edits: [
    {
      start: value.start,
      end: value.end,
      text: JSON.stringify(value.value.trim().split(/\s+/)).replaceAll('","', '", "'),
    },
  ],
  safe: false,
});

function items(array: Node & { readonly kind: 'array' }, kind: Node['kind'], message: string): readonly CaseProblem[] {
  return array.items.flatMap((item) =>
    item.kind === kind || item.kind === 'invalid' ? [] : [error('type', item, message)],
  );
}

function fits(value: Node, type: CaseValue): boolean {
  switch (type.kind) {
    case 'text':
      return value.kind === 'string';
    case 'text-or-texts':
      return value.kind === 'string' || value.kind === 'array';
    case 'texts':
    case 'objects':
      return value.kind === 'array';
    case 'flag':
      return value.kind === 'boolean';
    case 'number':
      return value.kind === 'number' || (value.kind === 'string' && type.words.includes(value.value));
    case 'map':
      return value.kind === 'object';
    case 'object':
      return value.kind === 'object' || (type.orText !== undefined && value.kind === 'string');
  }
}

function wanted(type: CaseValue): string {
  switch (type.kind) {
    case 'text':
      return 'a text';
    case 'text-or-texts':
      return 'a text or a list of texts';
    case 'texts':
      return 'a list of texts';
    case 'objects':
      return 'a list of objects';
    case 'flag':
      return 'true or false';
    case 'number':
      return [`a whole number from ${type.from} to ${type.to}`, ...type.words.map((word) => `"${word}"`)].join(' or ');
    case 'map':
      return 'an object';
    case 'object':
      return type.orText ? 'a text or an object' : 'an object';
  }
}
