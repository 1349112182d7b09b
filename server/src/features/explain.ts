import { type Architecture, architecture, argumentsOn, numberOn } from '../catalog/index.ts';
import type { Analysis } from '../checks/analyse.ts';
import type { Policy } from '../policy/policy.ts';
import { type Possible, possibleFor } from '../policy/possible.ts';
import { type GivenCall, parseCall } from '../policy/strace.ts';
import { writeValue } from '../policy/strace-value.ts';
import { runtimeLabel } from '../policy/target.ts';
import { testInWords } from '../policy/words.ts';
import type { Span } from '../syntax/tree.ts';
import { type Lines, linesIn } from './lines.ts';
import { decisionInWords, reasonSpan } from './reasons.ts';

/** The answer to "what happens to this call?". */
export interface Explanation {
  /** Plain text, a line for each thing that can happen. */
  readonly text: string;
  /** Where the profile decides: the rule's name for the syscall, or the default action; the first where it depends. */
  readonly span: Span | undefined;
}

/**
 * Says what a call gets, written as strace prints it or as a bare name, on the native architecture, and on the others of
 * the profile where that differs. A sentence of what is wrong where the call cannot be read or the profile not loaded.
 */
export function explain(
  { policy, document, target }: Analysis,
  query: string,
): Explanation | { readonly error: string } {
  if (!policy) return { error: 'No engine loads this profile: it has no valid defaultAction.' };
  const asked = parseCall(query, architecture(target.architecture) ?? policy.native.architecture);
  if ('error' in asked) return { error: asked.error };
  const covered = policy.resolved.architectures.filter(({ table }) => numberOn(asked.name, table) !== undefined);
  const [first, ...others] = covered;
  if (!first) return { error: `The profile covers no architecture that has "${asked.name}".` };
  const lines = linesIn(document);
  const main = answerOn(policy, query, first, lines);
  const more = others.map((arch) => answerOn(policy, query, arch, lines)).filter(({ text }) => text !== main.text);
  const title = `Under ${runtimeLabel(target.runtime)} on ${first.name}`;
  const rest = more.map(({ arch, text }) => `On ${arch.name}, ${text}`);
  return { text: [`${title}, ${main.text}`, ...rest].join('\n'), span: main.span };
}

interface Answer {
  readonly arch: Architecture;
  readonly text: string;
  readonly span: Span | undefined;
}

/** The call is read anew for each architecture: positions and numbers differ. */
function answerOn(policy: Policy, query: string, arch: Architecture, lines: Lines): Answer {
  const call = parseCall(query, arch);
  if ('error' in call) return { arch, text: call.error, span: undefined };
  const shown = callText(call, arch);
  const possible = possibleFor(policy, call, arch);
  if (!possible) return { arch, text: `${shown} does not exist there`, span: undefined };
  if (!isList(possible)) {
    const [rule] = possible.rules;
    return { arch, text: `${shown} cannot be foretold: ${possible.why}.`, span: rule && spanOf(rule.name.node) };
  }
  return {
    arch,
    text: `${shown}: ${possibleText(call, possible, lines)}`,
    span: reasonSpan(policy, possible[0]!.decision),
  };
}

function isList<T>(value: readonly T[] | object): value is readonly T[] {
  return Array.isArray(value);
}

const spanOf = ({ start, end }: Span): Span => ({ start, end });

function possibleText({ name }: GivenCall, possible: readonly Possible[], lines: Lines): string {
  return possible
    .map(({ decision, tests }) => {
      const words = decisionInWords(decision, lines);
      if (tests.length > 0) return `${words} when ${tests.map((test) => testInWords(test, name)).join(' and ')}`;
      return possible.length > 1 ? `otherwise ${words}` : words;
    })
    .join('\n  ');
}

/** The call as it was understood: known arguments by name. */
function callText({ name, args }: GivenCall, { table }: Architecture): string {
  const known = argumentsOn(name, table);
  const shown = args.map((value, i) => {
    const label = known?.[i]?.name;
    return `${label ? `${label}=` : ''}${value === undefined ? '…' : writeValue(value, known?.[i], table)}`;
  });
  return shown.length > 0 ? `${name}(${shown.join(', ')})` : name;
}
