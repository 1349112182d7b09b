import { effectiveMember, type ObjectView } from '../../profile/model.ts';
import { type ProblemKind, pathAt, type SyntaxProblem } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { addMember, disjoint } from '../edits.ts';
import { removeSpan } from './layout.ts';
import { problemsOf, visibleProblems } from './problems.ts';
import { engine, readByGo } from './words.ts';

export const commentInJson: Check = {
  code: 'comment-in-json',
  severity: 'error',
  scope: 'profile',
  summary: 'The file has a comment; JSON has none.',
  explanation: `Docker, Podman, containerd and runc read strict JSON and refuse a file with \`//\`, \`/* */\` or \`#\` comments (Go:
\`encoding/json\`, measured). crun skips the first two kinds when it is given such a file directly, and nothing else does.

A note can stand in the profile as a key: engines ignore \`"comment"\` in a rule and at the top level.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  // no kernel code from containers
  "syscalls": [{ "names": ["init_module", "finit_module"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["init_module", "finit_module"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const comments = problemsOf(context.document, 'comment');
    const sound = comments.length > 0 && visibleProblems(context.document).every(({ kind }) => REPAIRABLE.has(kind));
    for (const problem of comments) {
      const accepted = !readByGo(context) && !problem.text.startsWith('#');
      yield {
        span: problem,
        ...(accepted && { severity: 'warning' }),
        message: accepted
          ? 'crun skips comments, but every other engine refuses the file. Put the note into a "comment" key.'
          : `JSON has no comments: ${engine(context)} refuses the file. Remove it, or put it into a "comment" key.`,
        fixes: () => fixes(context, problem, sound),
      };
    }
  },
};

/** With other damage it is not sure where a key would land. */
const REPAIRABLE: ReadonlySet<ProblemKind> = new Set(['comment', 'trailing-comma', 'extra-comma', 'missing-comma']);

function fixes(context: CheckContext, problem: SyntaxProblem, sound: boolean): readonly Fix[] {
  const { text } = context.document;
  const removal = removeSpan(text, problem);
  const remove: Fix = { title: 'Remove the comment', edits: [removal], safe: true };
  const view = sound ? commentable(context, problem) : undefined;
  const note = noteOf(text.slice(problem.start, problem.end));
  if (!view || note === '') return [remove];
  const kept = addMember(text, view, 'comment', JSON.stringify(note));
  // the key takes the place of a comment that stands right behind the last member
  const edits = disjoint([removal, kept]) ? [removal, kept] : [{ ...removal, text: kept.text }];
  return [remove, { title: 'Move it into a "comment" key', edits, safe: false }];
}

/** The innermost rule or profile around the comment, if it has members and no comment yet. */
function commentable({ document }: CheckContext, { start, end }: SyntaxProblem): ObjectView | undefined {
  const inner = pathAt(document.tree, start)
    .flatMap((node) => ('kind' in node && node.start < start && end < node.end && document.viewOf.get(node)) || [])
    .findLast((view) => view.kind === 'rule' || view.kind === 'profile');
  return inner && inner.members.length > 0 && !effectiveMember(inner, 'comment') && !hasComment(inner)
    ? inner
    : undefined;
}

function hasComment(view: ObjectView): boolean {
  return view.members.some((m) => m.member.key.value === 'comment');
}

/** The words of a comment without its marks. */
function noteOf(comment: string): string {
  const block = /^\/\*([\s\S]*?)(?:\*\/)?$/.exec(comment)?.[1];
  // tried from the first of many stars alone
  const lines = (block?.replace(/(?<!\*)\*+\s*$/, '') ?? comment).split(/\r?\n/);
  return lines
    .map((line) => line.replace(/^\s*(\/\/+|#+|\*+)?/, '').trim())
    .filter((line) => line !== '')
    .join(' ');
}
