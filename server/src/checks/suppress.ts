import { effectiveMember, type ObjectView } from '../profile/model.ts';
import { isNoteKey } from '../profile/schema.ts';
import type { Span } from '../syntax/tree.ts';
import type { CheckContext } from './check.ts';

/** What every directive has in it; hardly any rule does. */
const MARK = 'seccomp-disable:';

const DIRECTIVE = /\bseccomp-disable:\s*([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)/g;

/**
 * JSON has no comments and engines refuse them, but they ignore `comment` keys: `"comment": "seccomp-disable: CODE, CODE"`
 * in a rule silences checks in that rule, at the top level in the whole file.
 */
export function suppressions(context: CheckContext): (code: string, span: Span) => boolean {
  const scopes = context.document.views.flatMap((view) => {
    const codes = view.kind === 'profile' || view.kind === 'rule' ? disabledIn(view) : [];
    return codes.length > 0 ? [{ codes: new Set(codes), whole: view.kind === 'profile', span: view.node }] : [];
  });
  if (scopes.length === 0) return () => false;
  return (code, span) =>
    scopes.some(
      (scope) =>
        scope.codes.has(code) && (scope.whole || (scope.span.start <= span.start && span.end <= scope.span.end)),
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
