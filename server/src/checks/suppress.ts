import { effectiveMember, type ObjectView } from '../profile/model.ts';
import { isNoteKey } from '../profile/schema.ts';
import { countWhere } from '../syntax/bisect.ts';
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
  const whole = directives.find(({ view }) => view.kind === 'profile')?.codes;
  // rules stand one behind the other, so that only the last that starts before a span can hold it
  const inRules = directives
    .filter(({ view }) => view.kind !== 'profile')
    .sort((a, b) => a.view.node.start - b.view.node.start);
  return (code, { start, end }) => {
    if (whole?.has(code)) return true;
    const last = inRules[countWhere(inRules, ({ view }) => view.node.start <= start) - 1];
    return last?.codes.has(code) === true && end <= last.view.node.end;
  };
}

function disabledIn(view: ObjectView): readonly string[] {
  if (!view.members.some(({ member: { value } }) => value?.kind === 'string' && value.value.includes(MARK))) return [];
  const notes = view.members.filter((m) => isNoteKey(m.member.key.value)).map((m) => m.member.value);
  const comment = effectiveMember(view, 'comment')?.member.value;
  return [...new Set([...notes, comment])].flatMap((node) =>
    node?.kind === 'string' ? [...node.value.matchAll(DIRECTIVE)].flatMap((match) => match[1]!.split(/\s*,\s*/)) : [],
  );
}
