import type { Analysis } from '../checks/analyse.ts';
import type { Domain } from '../profile/schema.ts';
import type { Span } from '../syntax/tree.ts';
import { architectureDoc, errnoDoc, flagDoc, goArchitectureDoc, keyDoc, syscallDoc } from './documentation.ts';
import { actionHover, defaultActionHover, errnoHover } from './hover-actions.ts';
import { conditionsHover, indexHover, operatorHover, valueHover } from './hover-conditions.ts';
import { capabilityHover, kernelHover, otherSyscallHover } from './hover-filters.ts';
import { paragraphs } from './markdown.ts';
import { type Place, placeAt } from './place.ts';

export interface Hover {
  readonly markdown: string;
  /** The key or value that the text is about. */
  readonly span: Span;
}

/** What is known of the key or value at an offset; undefined for notes, for unknown words and between words. */
export function hover(analysis: Analysis, offset: number): Hover | undefined {
  const place = placeAt(analysis.document, offset);
  if (!place) return undefined;
  const markdown = place.isKey ? keyHover(analysis, place) : wordHover(analysis, place);
  const { start, end } = place.leaf;
  return markdown ? { markdown, span: { start, end } } : undefined;
}

function keyHover(analysis: Analysis, { member, view, rule }: Place): string {
  if (!member.spec) return '';
  const key = member.spec.key;
  return paragraphs(
    keyDoc(member.spec),
    key === 'args' && rule && conditionsHover(rule),
    key === 'defaultAction' && view.kind === 'profile' && defaultActionHover(analysis),
  );
}

type Describe = (analysis: Analysis, place: Place, text: string) => string;

/** By what a value stands for; empty text where nothing is known of it. */
const DESCRIBE: Readonly<Record<Domain, Describe>> = {
  action: actionHover,
  architecture: (_analysis, _place, text) => architectureDoc(text),
  goArchitecture: (_analysis, _place, text) => goArchitectureDoc(text),
  capability: capabilityHover,
  errno: errnoHover,
  errnoName: (_analysis, _place, text) => errnoDoc(/^\d{1,5}$/.test(text) ? Number(text) : text),
  argumentIndex: indexHover,
  argumentValue: valueHover,
  flag: (_analysis, _place, text) => flagDoc(text),
  kernelVersion: kernelHover,
  operator: operatorHover,
  path: (_analysis, { member }) => (member.spec ? keyDoc(member.spec) : ''),
  syscall: (analysis, _place, text) => syscallDoc(text, analysis) || otherSyscallHover(text),
  text: () => '',
};

function wordHover(analysis: Analysis, place: Place): string {
  const { leaf, member } = place;
  const type = member.spec?.type;
  if (!type || type.kind === 'object' || type.kind === 'objects') return '';
  if ((type.kind === 'uint') !== (leaf.kind === 'number')) return '';
  return DESCRIBE[type.domain](analysis, place, leaf.kind === 'number' ? leaf.text : leaf.value);
}
