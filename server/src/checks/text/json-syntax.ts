import type { ProfileDocument } from '../../profile/model.ts';
import type { SyntaxProblem } from '../../syntax/tree.ts';
import type { Check, CheckContext, Finding, Fix } from '../check.ts';
import { closeBrackets, containerAt, unclosedGroups, wrongBrackets } from './brackets.ts';
import { isHashComment, visibleProblems } from './problems.ts';
import { closeString, openString, quoteWord, repairAfterRoot, repairColon, repairString } from './repairs.ts';
import { engine, quote, shorten } from './words.ts';

export const jsonSyntax: Check = {
  code: 'json-syntax',
  severity: 'error',
  scope: 'profile',
  summary: 'The file is not JSON.',
  explanation: `An engine reads a profile as strict JSON (RFC 8259) and refuses it at the first thing that is none: Docker with "compacting json
for seccomp profile (...) failed", Podman with "decoding seccomp profile failed" (both Go: \`encoding/json\`, measured). This
stands for what has no code of its own: a bracket or a quote that is missing, text without quotes, a missing colon or value.

The rest of the file is checked as well as the damage allows.`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": SCMP_ACT_ERRNO }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const problems = visibleProblems(context.document);
    const brackets: Unclosed = {
      groups: unclosedGroups(problems),
      closable:
        context.document.tree.problems.every(({ kind }) => kind !== 'too-deep') && !problems.some(isHashComment),
    };
    const told = new Set<number>();
    for (const problem of problems) {
      const finding = describe(context, problem, brackets);
      if (!finding || told.has(finding.span.start)) continue;
      told.add(finding.span.start);
      yield { ...finding, message: `${finding.message} ${engine(context)} refuses the file.` };
    }
  },
};

interface Unclosed {
  readonly groups: ReturnType<typeof unclosedGroups>;
  /** What is nested too deep was not read to its end; brackets and quotes of a `#` comment were read as if they counted. */
  readonly closable: boolean;
}

function describe(context: CheckContext, problem: SyntaxProblem, brackets: Unclosed): Finding | undefined {
  const { document } = context;
  const shown = quote(problem.text);
  switch (problem.kind) {
    case 'unclosed':
      return unclosed(context, problem, brackets);
    case 'unterminated-string':
      return unterminated(context, problem);
    case 'invalid-escape':
      return finding(problem, `${shorten(problem.text)} has a backslash that starts no escape of JSON.`, () =>
        repairString(problem),
      );
    case 'control-character':
      return finding(problem, 'A string holds a control character, such as a tab, that must be escaped.', () =>
        repairString(problem),
      );
    case 'invalid-value':
      if (document.tree.root?.start === problem.start)
        return finding(problem, 'A profile is a JSON object and starts with "{".');
      return finding(problem, `${shown} is no JSON value: strings stand in double quotes.`, () => quoteWord(problem));
    case 'unquoted-key':
      return finding(problem, `The key ${shown} must stand in double quotes.`, () => quoteWord(problem));
    case 'missing-colon':
      return missingColon(context, problem);
    case 'missing-value':
      return finding(problem, 'Nothing follows this colon: the value is missing.');
    case 'missing-key':
      return missingKey(context, problem);
    case 'stray':
      return stray(context, problem);
    case 'after-root':
      return finding(problem, 'The profile has ended before this text.', () => repairAfterRoot(document, problem));
    case 'too-deep':
      return finding(problem, 'Brackets are nested deeper than in any profile.');
    default:
      return undefined;
  }
}

function finding(span: SyntaxProblem, message: string, fixes?: () => readonly Fix[]): Finding {
  return { span: { start: span.start, end: span.end }, message, ...(fixes && { fixes }) };
}

function unterminated({ document }: CheckContext, problem: SyntaxProblem): Finding {
  const span = openString(document, problem);
  const content = document.text.slice(span.start + 1, span.end);
  return {
    span,
    message: `The closing quote of "${shorten(content)} is missing.`,
    fixes: () => closeString(document, span),
  };
}

function unclosed(
  { document }: CheckContext,
  problem: SyntaxProblem,
  { groups, closable }: Unclosed,
): Finding | undefined {
  const group = groups.get(problem.start) ?? [];
  if (group[0] !== problem) return undefined;
  const opened = problem.opened ?? 0;
  const others = group.length > 1 ? `, nor ${group.length === 2 ? 'is the one' : 'are those'} around it` : '';
  return {
    span: { start: opened, end: opened + 1 },
    message: `This "${document.text[opened]}" is never closed${others}.`,
    ...(closable && { fixes: () => [closing(document, group)] }),
  };
}

function closing(document: ProfileDocument, group: readonly SyntaxProblem[]): Fix {
  const title = group.length > 1 ? `Close ${group.length} brackets` : 'Close the bracket';
  return { title, edits: closeBrackets(document, group), safe: true };
}

/** A brace where a key is due shows that the object around it was not closed, which is told of that object. */
function missingKey({ document }: CheckContext, problem: SyntaxProblem): Finding | undefined {
  const echo = problem.text.startsWith('{') && containerAt(document, problem.start)?.closed === false;
  return echo ? undefined : finding(problem, `${quote(problem.text)} stands where a key is due.`);
}

function missingColon({ document }: CheckContext, problem: SyntaxProblem): Finding {
  const container = containerAt(document, problem.start);
  if (!container || wrongBrackets(document, container) !== 'list')
    return {
      span: { start: problem.start - 1, end: problem.start },
      message: 'A colon and a value must follow this key.',
      fixes: () => repairColon(document, problem.start),
    };
  const { start, end } = container;
  return {
    span: { start, end: start + 1 },
    message: 'A list stands in square brackets, not in braces.',
    fixes: () => [
      {
        title: 'Replace { } with [ ]',
        edits: [
          { start, end: start + 1, text: '[' },
          { start: end - 1, end, text: ']' },
        ],
        safe: true,
      },
    ],
  };
}

/** A colon in an array: an object in the wrong brackets, or an array that should have ended before the key. */
function stray({ document }: CheckContext, problem: SyntaxProblem): Finding | undefined {
  const container = containerAt(document, problem.start);
  if (container?.closed === false) return undefined;
  if (!container || wrongBrackets(document, container) !== 'object')
    return finding(problem, 'A colon is out of place here.');
  const { start, end } = container;
  return {
    span: { start, end: start + 1 },
    message: 'Keys and values stand in braces, not directly in square brackets.',
    fixes: () => [
      {
        title: 'Put { } inside the brackets',
        edits: [
          { start: start + 1, end: start + 1, text: '{' },
          { start: end - 1, end: end - 1, text: '}' },
        ],
        safe: true,
      },
    ],
  };
}
