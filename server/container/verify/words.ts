import { errnoByNumber } from '../../src/catalog/errnos.ts';
import type { Lines } from '../../src/features/lines.ts';
import { reasonInWords, reasonSpan, ruleInWords } from '../../src/features/reasons.ts';
import { isPredicted } from '../../src/policy/evaluate.ts';
import { outcomeInWords } from '../../src/policy/words.ts';
import type { Span } from '../../src/syntax/tree.ts';
import { ENGINE_NAME } from '../cli.ts';
import type { Engine } from '../engine.ts';
import type { Result } from '../measure.ts';
import { probeLabel } from '../probe/calls.ts';
import { type Decider, deciderOf, type Judged } from './judge.ts';
import type { Seen } from './seen.ts';
import type { Difference, Refused, Verified } from './verify.ts';

/** A result in words: `EPERM`, `killed`, `success`. */
export function resultText(result: Result): string {
  if (result.kind === 'killed') return 'killed';
  if (result.kind === 'value') return 'success';
  return errnoByNumber(result.errno)?.name ?? `errno ${result.errno}`;
}

/** What happened to a call: `fails with EPERM`, `reaches the kernel`. */
export function seenInWords(seen: Seen): string {
  switch (seen.kind) {
    case 'denied':
      return outcomeInWords(seen.mark.outcome);
    case 'answered':
      return resultInWords(seen.result);
    case 'contradiction':
      return `${resultInWords(seen.result)}, although a copy of the profile shows that it should be: ${outcomeInWords(seen.mark.outcome)}`;
    case 'passed':
      return 'reaches the kernel';
    case 'hidden':
      return `${resultInWords(seen.result)}, as it does without a profile`;
    case 'unseen':
      return 'was not reached';
  }
}

function resultInWords(result: Result): string {
  if (result.kind === 'killed') return 'is killed';
  return result.kind === 'value' ? 'succeeds' : `fails with ${resultText(result)}`;
}

export function expectedInWords({ expected }: Judged): string {
  return isPredicted(expected) ? outcomeInWords(expected.outcome) : 'not predictable';
}

/** `rule 3, line 40`, `defaultAction`. */
export function deciderInWords(decider: Decider, lines: Lines): string {
  if (decider.rule) return ruleInWords(decider.rule.rule, lines);
  return decider.kind === 'runc' ? 'runc, for newer calls' : 'defaultAction';
}

/** Where the profile says what is expected. */
export function expectedBy({ expected }: Judged, lines: Lines): string {
  return isPredicted(expected) ? reasonInWords(expected, lines) : 'several rules';
}

/** Differences that read the same but for the call. */
export interface DifferenceGroup {
  /** Where the profile promises something else: the name in the rule, or the default action. */
  readonly span: Span;
  /** `futex_waitv`, `socket (domain = AF_NETLINK)`. */
  readonly calls: readonly string[];
  readonly seen: string;
  readonly expected: string;
  readonly expectedBy: string;
  /** The rule that decided instead, where the copy tells. */
  readonly decidedBy: string | undefined;
  readonly explanation: string | undefined;
}

/** Differences in the order of the text, those that read the same in one. */
export function groupDifferences({ differences, policy }: Verified, lines: Lines): readonly DifferenceGroup[] {
  const groups = new Map<string, DifferenceGroup & { readonly calls: string[] }>();
  for (const difference of differences) {
    const { calls, ...rest } = groupOf(difference, policy, lines);
    const key = JSON.stringify(rest);
    const known = groups.get(key);
    if (known) known.calls.push(...calls);
    else groups.set(key, { ...rest, calls });
  }
  return [...groups.values()].sort((a, b) => a.span.start - b.span.start);
}

function groupOf({ judged, explanation }: Difference, policy: Verified['policy'], lines: Lines) {
  const { expected, seen, tried } = judged;
  const decider = deciderOf(judged);
  const name = decider?.rule?.names.find(({ value }) => value === tried.probe.name)?.node;
  const wanted = isPredicted(expected) ? reasonSpan(policy, expected) : undefined;
  const promised = isPredicted(expected) && expected.reason.kind === 'rule' ? wanted : undefined;
  const { start, end } = promised ?? name ?? wanted ?? policy.profile.view.node;
  return {
    span: { start, end },
    calls: [probeLabel(tried.probe)],
    seen: seenInWords(seen),
    expected: expectedInWords(judged),
    expectedBy: expectedBy(judged, lines),
    decidedBy: decider && deciderInWords(decider, lines),
    explanation,
  };
}

/** What should have kept the engine from starting a container, and why it did not. */
export function refusalInWords({ message, explanation }: Refused): string {
  const why = explanation ? `: ${explanation}` : ', and nothing known of this engine explains it';
  return `${message} Yet the container started${why}.`;
}

const MOST_CALLS = 3;

/** One sentence or two of plain text: what happens, what is written, and why. */
export function differenceInWords(group: DifferenceGroup, engine: Engine): string {
  const { calls, seen, expected, decidedBy, explanation } = group;
  const more = calls.length > MOST_CALLS ? ` and ${calls.length - MOST_CALLS} more` : '';
  const by = decidedBy ? ` (${decidedBy})` : '';
  const each = calls.length > 1 ? 'each of ' : '';
  const what = `In ${ENGINE_NAME[engine.kind]} ${engine.version}: ${each}${calls.slice(0, MOST_CALLS).join(', ')}${more} ${seen}${by}.`;
  return `${what} As written: ${expected}. ${explanation ? sentence(explanation) : 'Nothing known of this engine explains it.'}`;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
