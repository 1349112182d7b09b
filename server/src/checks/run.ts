import type { ProfileDocument, Rule } from '../profile/model.ts';
import { viewsIn, viewsOutsideRules } from '../profile/model.ts';
import type { Span } from '../syntax/tree.ts';
import type { Analysis, AnalysisOptions } from './analyse.ts';
import type { Check, CheckContext, Edit, Finding, Fix, Scope, Severity } from './check.ts';
import { CHECKS } from './index.ts';
import { suspectNames } from './policy/dangerous-syscall.ts';
import { type NamedSyscall, namedSyscalls } from './policy/lost.ts';
import { type Directive, directivesIn, suppressedBy } from './suppress.ts';
import { jsonSyntax } from './text/json-syntax.ts';
import { lineStart } from './text/layout.ts';

/** A finding as it is shown: with its check and the severity that the settings leave it. */
export interface Reported extends Finding {
  readonly check: Check;
  readonly severity: Severity;
}

/** What the checks say of one version of a document, and what the next version needs to say it at less cost. */
export interface Findings {
  /** In the order of the text. */
  readonly list: readonly Found[];
  readonly line: Line;
  readonly directives: readonly Directive[];
  readonly syscalls: ReadonlySet<NamedSyscall>;
}

/** What all versions share that came about by changes inside of rules. */
interface Line {
  /** Of the newest version. */
  analysis: Analysis;
}

const CHECKS_OF: Readonly<Record<Scope, readonly Check[]>> = {
  rule: CHECKS.filter(({ scope }) => scope === 'rule'),
  syscall: CHECKS.filter(({ scope }) => scope === 'syscall'),
  profile: CHECKS.filter(({ scope }) => scope === 'profile'),
};

/** Runs all checks. */
export function findAll(analysis: Analysis, options: AnalysisOptions): Findings {
  const context = contextOf(analysis);
  const line = { analysis };
  const directives = directivesIn(context.views);
  const run = runner(line, options, directives);
  const syscalls = new Set(context.syscalls);
  const list = [
    ...run(CHECKS_OF.rule, context, ({ start }) => ruleAt(context.document, start) ?? OUTSIDE),
    ...run(CHECKS_OF.syscall, outsideRules(context)),
    ...[...syscalls].flatMap((each) => run(CHECKS_OF.syscall, onlySyscall(context, each), () => each)),
    ...run(CHECKS_OF.profile, context),
  ];
  return { list: list.sort(inOrder), line, directives, syscalls };
}

/**
 * The same after the insides of some rules changed, at the cost of those rules: what was found in others is taken over
 * from `before`, which must not be used any more. `changed` are the positions of the rules with what stood there.
 */
export function findAgain(
  { list, line, directives: known, syscalls: old }: Findings,
  changed: ReadonlyMap<number, Rule>,
  analysis: Analysis,
  options: AnalysisOptions,
): Findings {
  const context = contextOf(analysis);
  line.analysis = analysis;
  const rules = [...changed.keys()].map((position) => context.rules[position]!);
  const gone = new Set([...changed.values()].map(({ view }) => view));
  const directives = [...known.filter(({ view }) => !gone.has(view)), ...directivesIn(rules.flatMap(viewsIn))];
  const run = runner(line, options, directives);
  const syscalls = new Set(context.syscalls);
  const found = [
    ...rules.flatMap((rule) => run(CHECKS_OF.rule, onlyRule(context, rule), () => rule)),
    ...run(CHECKS_OF.syscall, outsideRules(context)),
    ...context.syscalls.flatMap((each) =>
      old.has(each) ? [] : run(CHECKS_OF.syscall, onlySyscall(context, each), () => each),
    ),
    ...run(CHECKS_OF.profile, context),
  ];
  const isKept = ({ unit }: Found): boolean => {
    if (!unit || unit === OUTSIDE) return unit === OUTSIDE;
    return 'position' in unit ? !changed.has(unit.position) : syscalls.has(unit as NamedSyscall);
  };
  return { list: merged(list.filter(isKept), found.sort(inOrder)), line, directives, syscalls };
}

/** What a check may look at in a whole document. */
export function contextOf(analysis: Analysis): CheckContext {
  const { document, target } = analysis;
  const { profile, rules, views } = document;
  return {
    document,
    target,
    profile,
    get policy() {
      return analysis.policy;
    },
    rules,
    views,
    outside: true,
    get syscalls() {
      return namedSyscalls(analysis.policy, suspectNames());
    },
  };
}

function onlyRule(context: CheckContext, rule: Rule): CheckContext {
  return part(context, { rules: [rule], views: viewsIn(rule), outside: false });
}

function outsideRules(context: CheckContext): CheckContext {
  return part(context, { views: viewsOutsideRules(context.document), outside: true });
}

function onlySyscall(context: CheckContext, syscall: NamedSyscall): CheckContext {
  return part(context, { outside: false, syscalls: [syscall] });
}

function part(
  context: CheckContext,
  looked: Partial<Pick<CheckContext, 'rules' | 'views' | 'syscalls'>> & Pick<CheckContext, 'outside'>,
): CheckContext {
  const { document, target, profile } = context;
  return {
    document,
    target,
    profile,
    get policy() {
      return context.policy;
    },
    rules: [],
    views: [],
    syscalls: [],
    ...looked,
  };
}

/** What a finding depends on, as long as it is that alone: a rule, the rules for one syscall, or nothing in rules. */
type Unit = Rule | NamedSyscall | typeof OUTSIDE;

/** What is not inside of rules, which stays as it is. */
const OUTSIDE = { outside: true } as const;

type Run = (
  checks: readonly Check[],
  context: CheckContext,
  unitOf?: (span: Span) => Unit | undefined,
) => readonly Found[];

function runner(line: Line, options: AnalysisOptions, directives: readonly Directive[]): Run {
  const { document } = line.analysis;
  const suppressed = suppressedBy(directives);
  const reliable = reliableFixes(document);
  return (checks, context, unitOf) => {
    const found: Found[] = [];
    for (const check of checks) {
      const configured = options.severities?.[check.code];
      if (configured === 'off') continue;
      try {
        for (const finding of check.find(context)) {
          if (suppressed(check.code, finding.span)) continue;
          const unit = unitOf?.(finding.span);
          const severity = configured ?? finding.severity ?? check.severity;
          found.push(new Found(check, severity, unit, reliable(check, finding), line));
        }
      } catch (error) {
        options.onError?.(check, error);
      }
    }
    return found;
  };
}

/** A finding of some version, which may stand for the same one in later versions. */
class Found implements Reported {
  readonly check: Check;
  readonly severity: Severity;
  /** Absent where the finding depends on more. */
  readonly unit: Unit | undefined;
  private readonly finding: Finding;
  private readonly line: Line;
  private readonly made: Analysis;

  constructor(check: Check, severity: Severity, unit: Unit | undefined, finding: Finding, line: Line) {
    this.check = check;
    this.severity = severity;
    this.unit = unit;
    this.finding = finding;
    this.line = line;
    this.made = line.analysis;
  }

  get span(): Span {
    return this.finding.span;
  }

  get message(): string {
    return this.finding.message;
  }

  get tag(): Finding['tag'] {
    return this.finding.tag;
  }

  get related(): Finding['related'] {
    return this.finding.related;
  }

  /** Those of a version that is over were made for its text: the check is asked again. */
  get fixes(): (() => readonly Fix[]) | undefined {
    const { fixes } = this.finding;
    if (!fixes || this.line.analysis === this.made) return fixes;
    return () => findingsOf(this.check, this.line.analysis).get(keyOf(this))?.fixes?.() ?? [];
  }
}

/** Of the newest version, by check. */
const ASKED_AGAIN = new WeakMap<Analysis, Map<Check, ReadonlyMap<string, Finding>>>();

function findingsOf(check: Check, analysis: Analysis): ReadonlyMap<string, Finding> {
  const known = ASKED_AGAIN.get(analysis) ?? new Map<Check, ReadonlyMap<string, Finding>>();
  ASKED_AGAIN.set(analysis, known);
  const found = known.get(check) ?? new Map([...check.find(contextOf(analysis))].map((each) => [keyOf(each), each]));
  known.set(check, found);
  return found;
}

function keyOf({ span, message }: Finding): string {
  return `${span.start} ${span.end} ${message}`;
}

/** The rule at an offset. */
function ruleAt({ profile }: ProfileDocument, offset: number): Rule | undefined {
  const rules = profile?.rules ?? [];
  let [low, high] = [0, rules.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rules[middle]!.view.node.end <= offset) low = middle + 1;
    else high = middle;
  }
  const rule = rules[low];
  return rule && rule.view.node.start <= offset ? rule : undefined;
}

const ORDER: ReadonlyMap<Check, number> = new Map(CHECKS.map((check, i) => [check, i]));

function inOrder({ span: a, check: one }: Found, { span: b, check: other }: Found): number {
  return a.start - b.start || a.end - b.end || ORDER.get(one)! - ORDER.get(other)!;
}

function merged(a: readonly Found[], b: readonly Found[]): readonly Found[] {
  const all: Found[] = [];
  let next = 0;
  for (const each of a) {
    while (next < b.length && inOrder(b[next]!, each) < 0) all.push(b[next++]!);
    all.push(each);
  }
  return [...all, ...b.slice(next)];
}

/**
 * A string without its closing quote swallows what follows, and what is put behind an unclosed bracket lands inside of it:
 * where a fix reaches that far, only the repairs of the text itself can be trusted, and others are taken away.
 */
function reliableFixes({ text, tree }: ProfileDocument): (check: Check, finding: Finding) => Finding {
  const open = tree.problems.find(({ kind }) => kind === 'unterminated-string');
  const from = open ? lineStart(text, open.start) : text.length + 1;
  const unclosed = new Set(tree.problems.flatMap(({ kind, start }) => (kind === 'unclosed' ? start : [])));
  const isReliable = ({ start, end }: Edit): boolean => end < from && !unclosed.has(start) && !unclosed.has(end);
  if (!open && unclosed.size === 0) return (_check, finding) => finding;
  return (check, finding) => {
    const { fixes } = finding;
    if (!fixes || check === jsonSyntax) return finding;
    return { ...finding, fixes: () => fixes().filter(({ edits }) => edits.every(isReliable)) };
  };
}
