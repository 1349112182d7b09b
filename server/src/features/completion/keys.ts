import type { Analysis } from '../../checks/analyse.ts';
import { dialectOf, runtimeLabel } from '../../policy/target.ts';
import { type KeySpec, keySpec, SCHEMA } from '../../profile/schema.ts';
import type { Cursor, Scope } from '../context.ts';
import type { Place } from './place.ts';
import { valueShape } from './shapes.ts';
import type { CompletionItem } from './types.ts';

/** Keys that stand for the same thing: an object takes one of them. */
const EITHER: Readonly<Record<string, string>> = {
  names: 'name',
  name: 'names',
  architectures: 'archMap',
  archMap: 'architectures',
};

/**
 * The keys that the innermost object has not got yet, with their values unless a colon is there: required ones first,
 * then the format's order, then those that the target ignores, then the deprecated.
 */
export function keyItems(analysis: Analysis, cursor: Cursor, place: Place): readonly CompletionItem[] {
  const scope = cursor.scopes.at(-1)!;
  const present = presentKeys(scope, cursor);
  const eol = lineBreak(analysis.document.text, scope, cursor.offset);
  return SCHEMA[scope.kind].flatMap((spec, position) => {
    if (present.has(spec.key) || present.has(EITHER[spec.key] ?? '')) return [];
    const value = place.colon ? '' : `: ${valueShape(analysis, spec, eol)}`;
    return [keyItem(analysis, spec, position, keyText(spec.key, value, place), place)];
  });
}

/** The closing quote of the key moves in front of its value. */
function keyText(key: string, value: string, place: Place): string {
  const quote = place.close.startsWith('"') || value !== '' ? '"' : '';
  return `${place.open}${key}${quote}${value}${place.close.replace('"', '')}`;
}

function keyItem(
  analysis: Analysis,
  spec: KeySpec,
  position: number,
  insertText: string,
  place: Place,
): CompletionItem {
  const read = spec.readers.includes(dialectOf(analysis.target.runtime));
  const rank = spec.deprecated ? 3 : !read ? 2 : spec.required ? 0 : 1;
  const detail = spec.deprecated
    ? 'deprecated'
    : read
      ? undefined
      : `ignored by ${runtimeLabel(analysis.target.runtime)}`;
  return {
    label: spec.key,
    kind: 'key',
    insertText,
    sortText: `${rank}${String(position).padStart(2, '0')}`,
    ...(detail && { detail }),
    ...(insertText.includes('$') && { isSnippet: true }),
    ...(/^["']/.test(place.typed) && { filterText: place.typed[0] + spec.key }),
    ...(spec.deprecated && { deprecated: true }),
  };
}

function presentKeys(scope: Scope, cursor: Cursor): ReadonlySet<string> {
  const own = cursor.slot.kind === 'key' ? cursor.slot.member : undefined;
  const others = scope.node.members.filter((member) => member !== own);
  return new Set(others.flatMap((member) => keySpec(scope.kind, member.key.value)?.key ?? []));
}

/** The document's line break where the object is spread over lines, so that long values are spread too; else nothing. */
function lineBreak(text: string, scope: Scope, offset: number): string {
  const line = text.indexOf('\n', scope.node.start);
  if (line === -1 || line >= offset) return '';
  return text[line - 1] === '\r' ? '\r\n' : '\n';
}
