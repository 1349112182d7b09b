import { type Architecture, dangerOf, familiesOf, namesOn, numberOn, syscall } from '../catalog/index.ts';
import type { Analysis } from '../checks/analyse.ts';
import { uncertainVerdict } from '../policy/certainty.ts';
import { type Decision, type Policy, type Verdict, verdictOf } from '../policy/policy.ts';
import { outcomeInWords, testsInWords } from '../policy/words.ts';
import type { Span } from '../syntax/tree.ts';
import { type Lines, linesIn } from './lines.ts';
import { reasonInWords, reasonSpan, ruleInWords } from './reasons.ts';

/** A syscall in the policy table. Every column sorts by itself. */
export interface TableRow {
  readonly name: string;
  readonly number: number;
  /** What its kind of syscall does, `create a directory`; empty where it is like no other. */
  readonly family: string;
  readonly summary: string;
  readonly verdict: Verdict['kind'] | 'unpredictable';
  /** `allowed`, `fails with EPERM`: what a call gets for which no condition holds. */
  readonly outcome: string;
  /** `allowed when flags has none of CLONE_NEWUSER`; empty where arguments don't matter. */
  readonly condition: string;
  /** `rule 12, line 700`, `defaultAction`. */
  readonly reason: string;
  /** Where in the text it is decided. */
  readonly span: Span | undefined;
  /** 1 = breaks containment, 2 = large attack surface, 3 = worth a thought; 0 for ordinary calls. */
  readonly danger: 0 | 1 | 2 | 3;
}

/**
 * All syscalls of an architecture with what the profile does with them, by name. The native architecture where none is
 * given; empty where no engine loads the profile.
 */
export function tableRows({ policy, document }: Analysis, architecture?: Architecture): readonly TableRow[] {
  if (!policy) return [];
  const arch = architecture ?? policy.native.architecture;
  const lines = linesIn(document);
  return namesOn(arch.table).flatMap((name) => {
    const verdict = verdictOf(policy, name, arch);
    return verdict ? rowOf(policy, verdict, lines) : [];
  });
}

function rowOf(policy: Policy, verdict: Verdict, lines: Lines): TableRow {
  const { name, architecture, conditional, otherwise } = verdict;
  const unknown = uncertainVerdict(policy, verdict);
  const first = conditional[0];
  const decider: Decision = first ? { outcome: first.outcome, reason: { kind: 'rule', rule: first } } : otherwise;
  return {
    name,
    number: numberOn(name, architecture.table)!,
    family: familiesOf(name)[0]?.effect ?? '',
    summary: syscall(name)?.summary ?? '',
    verdict: unknown ? 'unpredictable' : verdict.kind,
    outcome: outcomeInWords(otherwise.outcome),
    condition: unknown ? unknown.why : conditionInWords(verdict),
    reason: first ? conditionalReasons(verdict, lines) : reasonInWords(otherwise, lines),
    span: reasonSpan(policy, decider),
    danger: dangerOf(name)?.tier ?? 0,
  };
}

/** The conditions under which a call gets something else, joined by what it gets. */
function conditionInWords({ conditional }: Verdict): string {
  const byOutcome = new Map<string, string[]>();
  for (const rule of conditional) {
    const words = outcomeInWords(rule.outcome);
    const tests = byOutcome.get(words);
    if (tests) tests.push(testsInWords(rule));
    else byOutcome.set(words, [testsInWords(rule)]);
  }
  return [...byOutcome].map(([words, tests]) => `${words} when ${tests.join(', or ')}`).join('; ');
}

function conditionalReasons({ conditional }: Verdict, lines: Lines): string {
  const rules = new Set(conditional.map(({ source }) => source.rule));
  return [...rules].map((rule) => ruleInWords(rule, lines)).join('; ');
}
