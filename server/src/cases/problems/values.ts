import { capabilities } from '../../catalog/index.ts';
import type { Node } from '../../syntax/tree.ts';
import type { CaseProblem, CasesDocument } from '../model.ts';
import { capabilityName, numberIn } from '../read.ts';
import { type CaseKey, type CaseValue, NETWORKS, type TextDomain } from '../schema.ts';
import { error, guess } from './problem.ts';

/** Values of the right type that say nothing that can be done. */
export function valueProblems({ views }: CasesDocument): readonly CaseProblem[] {
  return views.flatMap(({ members }) =>
    members.flatMap(({ member, spec }) => (spec && member.value ? ofValue(member.value, spec) : [])),
  );
}

function ofValue(value: Node, { key, type }: CaseKey): readonly CaseProblem[] {
  if (type.kind === 'number') return outOfRange(value, key, type);
  const domain = domainOf(type);
  if (!domain) return [];
  if (value.kind === 'array') {
    const empty = key === 'command' && value.items.length === 0;
    if (empty)
      return [error('empty-command', value, 'The command is empty. Remove "command" to run the image\'s own.')];
    return value.items.flatMap((item) => ofText(item, key, domain));
  }
  return ofText(value, key, domain);
}

function domainOf(type: CaseValue): TextDomain | undefined {
  if ('domain' in type) return type.domain;
  return type.kind === 'object' ? type.orText : undefined;
}

function outOfRange(value: Node, key: string, { from, to }: CaseValue & { kind: 'number' }): readonly CaseProblem[] {
  if (value.kind !== 'number') return [];
  const number = numberIn(value, to);
  if (number !== undefined && number >= from) return [];
  return [error('out-of-range', value, `"${key}" takes a whole number from ${from} to ${to}.`)];
}

const MAY_BE_EMPTY: ReadonlySet<TextDomain> = new Set(['note', 'argument']);

function ofText(node: Node, key: string, domain: TextDomain): readonly CaseProblem[] {
  if (node.kind !== 'string') return [];
  const { value } = node;
  if (value === '' && !MAY_BE_EMPTY.has(domain)) return [error('empty-text', node, `"${key}" holds an empty text.`)];
  switch (domain) {
    case 'capability':
      return unknownCapability(node);
    case 'network':
      return unknownNetwork(node);
    case 'pattern':
      return badPattern(node);
    case 'image':
    case 'user':
      return /^-|\s/.test(value) ? [error('not-a-word', node, `"${value}" is no ${domain}: it is one word.`)] : [];
    case 'folder':
      return /^(\/|[A-Za-z]:[\\/])/.test(value) && !/[:,"\p{Cc}]/u.test(value.replace(/^[A-Za-z]:/, ''))
        ? []
        : [
            error(
              'not-absolute',
              node,
              `"${value}" must be an absolute path in the container, without colon, comma, quote and line break.`,
            ),
          ];
    default:
      return [];
  }
}

type Text = Node & { readonly kind: 'string' };

function unknownCapability(node: Text): readonly CaseProblem[] {
  const known = [...capabilities().map(({ name }) => name), 'ALL'];
  const name = capabilityName(node.value);
  if (known.includes(name)) return [];
  const { hint, fixes } = guess(name, known, node);
  return [error('unknown-capability', node, `"${node.value}" is no capability.${hint}`, fixes)];
}

function unknownNetwork(node: Text): readonly CaseProblem[] {
  if (NETWORKS.includes(node.value)) return [];
  const { hint, fixes } = guess(node.value, NETWORKS, node);
  return [error('unknown-network', node, `"network" is "none" or "bridge".${hint}`, fixes)];
}

function badPattern(node: Text): readonly CaseProblem[] {
  try {
    new RegExp(node.value, 'm');
    return [];
  } catch (problem) {
    return [error('bad-pattern', node, `This is no regular expression: ${(problem as Error).message}.`)];
  }
}
