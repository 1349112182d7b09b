import { firstSign, type Node } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { visibleProblems } from '../text/problems.ts';
import { engine, readByGo } from '../text/words.ts';

export const notAProfile: Check = {
  code: 'not-a-profile',
  severity: 'error',
  scope: 'profile',
  summary: 'The file holds no JSON object.',
  explanation: `A profile is one JSON object. An empty file, a text, a number or a list is refused: "unexpected end of JSON input",
"cannot unmarshal array into Go value of type seccomp.Seccomp" (measured with Docker and Podman). A bare \`null\` is worse:
it is taken for a profile without anything in it, and the container runs without a filter.`,
  example: {
    bad: '[]',
    good: '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }] }',
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { tree, shape, text } = context.document;
    const { root } = tree;
    if (!root)
      yield { span: { start: 0, end: text.length }, message: `The file is empty. ${engine(context)} refuses it.` };
    else if (shape === 'other' && root.kind !== 'object' && root.kind !== 'invalid' && isWhole(context))
      yield {
        span: narrow(root),
        message: `A profile is one JSON object, not ${LABELS[root.kind]}. ${outcome(context, root)}`,
      };
  },
};

/** Bare words in front of the profile make the root look like something else. */
function isWhole({ document }: CheckContext): boolean {
  return !visibleProblems(document).some((problem) => problem.kind === 'after-root');
}

function narrow(root: Node): { readonly start: number; readonly end: number } {
  return root.kind === 'array' ? firstSign(root) : root;
}

function outcome(context: CheckContext, root: Node): string {
  const taken = root.kind === 'null' || !readByGo(context);
  return taken
    ? `${engine(context)} runs the container with no filter at all.`
    : `${engine(context)} refuses the file.`;
}

const LABELS: Readonly<Record<Exclude<Node['kind'], 'object' | 'invalid'>, string>> = {
  array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};
