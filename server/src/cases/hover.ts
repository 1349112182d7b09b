import { type Architecture, isSyscall } from '../catalog/index.ts';
import { capabilityDoc, syscallDoc } from '../features/documentation.ts';
import type { Hover } from '../features/hover.ts';
import { escapeMarkdown, paragraphs } from '../features/markdown.ts';
import { parseCall } from '../policy/strace.ts';
import { pathAt } from '../syntax/tree.ts';
import type { CasesDocument } from './model.ts';
import { capabilityName } from './read.ts';
import { type CaseKey, type CaseValue, caseKey } from './schema.ts';

/** What is known of the key or value at an offset of a file of test cases. */
export function hoverCases(document: CasesDocument, offset: number, architecture: Architecture): Hover | undefined {
  const path = pathAt(document.tree, offset);
  const leaf = path.at(-1);
  if (!leaf || !('kind' in leaf) || leaf.kind === 'object' || leaf.kind === 'array') return undefined;
  const found = specAt(document, path);
  if (!found) return undefined;
  const { spec, isKey } = found;
  const markdown = isKey ? keyDoc(spec) : leaf.kind === 'string' ? wordDoc(leaf.value, spec.type, architecture) : '';
  return markdown ? { markdown, span: { start: leaf.start, end: leaf.end } } : undefined;
}

/** The innermost key of the format around the end of a path, and whether the path ends at the key itself. */
function specAt({ views }: CasesDocument, path: ReturnType<typeof pathAt>) {
  const at = path.findLastIndex((node) => !('kind' in node));
  const member = path[at];
  const owner = views.find(({ node }) => node === path[at - 1]);
  if (!member || 'kind' in member || !owner) return undefined;
  const spec = caseKey(owner.kind, member.key.value);
  return spec && { spec, isKey: path.at(-1) === member.key };
}

const keyDoc = ({ key, required, doc }: CaseKey): string =>
  paragraphs(`**${escapeMarkdown(key)}**${required ? ' (required)' : ''}`, doc);

function wordDoc(text: string, type: CaseValue, architecture: Architecture): string {
  if (!('domain' in type)) return '';
  if (type.domain === 'capability') return capabilityDoc(capabilityName(text));
  if (type.domain !== 'call') return '';
  const call = parseCall(text, architecture);
  if ('error' in call || !isSyscall(call.name)) return '';
  return syscallDoc(call.name);
}
