import { effectiveMember, type ObjectView } from '../profile/model.ts';
import { isNoteKey } from '../profile/schema.ts';
import type { Span } from '../syntax/tree.ts';

/** What every directive has in it; hardly any rule does. */
const MARK = 'seccomp-disable:';

const DIRECTIVE = /\bseccomp-disable:\s*([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)/g;

/**
 * JSON has no comments and engines refuse them, but they ignore `comment` keys: `"comment": "seccomp-disable: CODE, CODE"`
 * in a rule silences checks in that rule, at the top level in the whole file.
 */
export interface Directive {
  readonly view: ObjectView;
  readonly codes: ReadonlySet<string>;
}

/** The directives in some of the objects of a file. */
export function directivesIn(views: readonly ObjectView[]): readonly Directive[] {
  const found: Directive[] = [];
  for (const view of views) {
    const codes = view.kind === 'profile' || view.kind === 'rule' ? disabledIn(view) : [];
    if (codes.length > 0) found.push({ view, codes: new Set(codes) });
  }
  return found;
}

/** Whether the directives of a file silence a check at a place. */
export function suppressedBy(directives: readonly Directive[]): (code: string, span: Span) => boolean {
  if (directives.length === 0) return () => false;
  return (code, span) =>
    directives.some(
      ({ view: { kind, node }, codes }) =>
        codes.has(code) && (kind === 'profile' || (node.start <= span.start && span.end <= node.end)),
    );
}

function disabledIn(view: ObjectView): readonly string[] {
  if (!view.members.some(({ member: { value } }) => value?.kind === 'string' && value.value.includes(MARK))) return [];
  const notes = view.members.filter((m) => isNoteKey(m.member.key.value)).map((m) => m.member.value);
  const comment = effectiveMember(view, 'comment')?.member.value;
  return [...new Set([...notes, comment])].flatMap((node) =>
    node?.kind === 'string' ? [...node.value.matchAll(DIRECTIVE)].flatMap((match) => match[1]!.split(/\s*,\s*/)) : [],
  );
}
