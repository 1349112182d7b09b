import type { Reported } from '../../checks/analyse.ts';
import type { Edit } from '../../checks/check.ts';
import { addFirstMember, addMember, replaceNode } from '../../checks/edits.ts';
import { textChecks } from '../../checks/text/index.ts';
import type { ObjectView, ProfileDocument } from '../../profile/model.ts';
import { foldKey } from '../../profile/schema.ts';
import { type Member, pathAt, type Span } from '../../syntax/tree.ts';
import type { CodeActionItem } from './types.ts';

/** What silences a finding. */
export type Silencer = (finding: Reported) => readonly CodeActionItem[];

/**
 * Writes `seccomp-disable: CODE` into the comment of the rule around a finding, or of the profile. Empty for what is wrong
 * with the text as JSON: no engine would read on.
 */
export function silencer(document: ProfileDocument): Silencer {
  const comments = new Map<ObjectView, Member | undefined>();
  const commentOf = (view: ObjectView): Member | undefined => {
    if (!comments.has(view)) comments.set(view, commentIn(view));
    return comments.get(view);
  };
  return ({ check, span }) => {
    if (textChecks.includes(check)) return [];
    const scopes = [
      { view: ruleAround(document, span), where: 'rule' },
      { view: document.profile?.view, where: 'file' },
    ];
    return scopes.flatMap(({ view, where }) => {
      const edits = view ? silenceEdits(document.text, view, commentOf(view), check.code) : [];
      const title = `Silence ${check.code} in this ${where}`;
      return edits.length > 0 ? [{ title, kind: 'quickfix', edits, finding: { code: check.code, span } } as const] : [];
    });
  };
}

function commentIn({ members }: ObjectView): Member | undefined {
  return members.find(({ member, effective }) => effective && foldKey(member.key.value) === 'comment')?.member;
}

/** By way of the tree: there can be as many findings as rules. */
function ruleAround({ tree, viewOf }: ProfileDocument, { start, end }: Span): ObjectView | undefined {
  // a path leads to the later of two nodes that touch at its place: in the middle there is but one
  return pathAt(tree, (start + end) / 2)
    .flatMap((node) => ('kind' in node && viewOf.get(node)) || [])
    .find(({ kind, node }) => kind === 'rule' && node.start <= start && end <= node.end);
}

/** A longer comment is not written anew for each finding. */
const LONGEST_COMMENT = 5000;

function silenceEdits(text: string, view: ObjectView, comment: Member | undefined, code: string): readonly Edit[] {
  if (!comment) return view.node.closed ? [newComment(text, view, `seccomp-disable: ${code}`)] : [];
  const { value } = comment;
  if (value?.kind !== 'string' || value.value.length > LONGEST_COMMENT) return [];
  return [replaceNode(value, JSON.stringify(withCode(value.value, code)))];
}

/** Behind a rule's other members, but on top of a profile, where it is seen. */
function newComment(text: string, view: ObjectView, comment: string): Edit {
  const value = JSON.stringify(comment);
  return view.kind === 'profile'
    ? addFirstMember(text, view, 'comment', value)
    : addMember(text, view, 'comment', value);
}

const LAST_DIRECTIVE = /^(.*\bseccomp-disable:\s*[a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)/s;

function withCode(comment: string, code: string): string {
  if (LAST_DIRECTIVE.test(comment)) return comment.replace(LAST_DIRECTIVE, `$1, ${code}`);
  return comment === '' ? `seccomp-disable: ${code}` : `${comment} seccomp-disable: ${code}`;
}
