import { isReadInPlace } from '../policy/as-read.ts';
import type { ProfileDocument, Rule } from '../profile/model.ts';
import { viewsIn, viewsOutsideRules } from '../profile/model.ts';
import { countWhere } from '../syntax/bisect.ts';
import type { Span } from '../syntax/tree.ts';
import type { Analysis, AnalysisOptions } from './analyse.ts';
import type { Check, CheckContext, Edit, Finding, Fix, Scope, Severity } from './check.ts';
import { FoundList, type Listed, WHOLE } from './found-list.ts';
import { CHECKS } from './index.ts';
import { suspectNames } from './policy/dangerous-syscall.ts';
import { changesSince, type NamedSyscall, namedSyscalls } from './policy/lost.ts';
import { duplicateKey } from './structure/duplicate-key.ts';
import { type Directive, directivesIn, suppressedBy } from './suppress.ts';
import { textChecks } from './text/index.ts';
import { jsonSyntax } from './text/json-syntax.ts';
import { lineStart } from './text/layout.ts';

/** A finding as it is shown: with its check and the severity that the settings leave it. */
export interface Reported extends Finding {
  readonly check: Check;
  readonly severity: Severity;
}

/** What the checks say of one version of a document, and what the next version needs to say it at less cost. */
export interface Findings {
  readonly list: FoundList<Found>;
  readonly line: Line;
  readonly directives: readonly Directive[];
  readonly syscalls: ReadonlySet<NamedSyscall>;
}

/** What all versions share that came about by changes inside of rules. */
interface Line {
  /** Of the newest version. */
  analysis: Analysis;
  /** What was found in it and not before. */
  young: readonly Found[];
}

const CHECKS_OF: Readonly<Record<Scope, readonly Check[]>> = {
  rule: CHECKS.filter(({ scope }) => scope === 'rule'),
  syscall: CHECKS.filter(({ scope }) => scope === 'syscall'),
  profile: CHECKS.filter(({ scope }) => scope === 'profile'),
};

/** Runs all checks. */
export function findAll(analysis: Analysis, options: AnalysisOptions): Findings {
  const context = contextOf(analysis);
  const line: Line = { analysis, young: [] };
  const directives = directivesIn(context.views);
  const run = runner(line, options, directives);
  const syscalls = new Set(context.syscalls);
  const byName = new Map(context.syscalls.map((each) => [each.name, each]));
  const list = [
    ...run(CHECKS_OF.rule, context, ({ start }) => ruleAt(context.document, start)?.position ?? OUTSIDE),
    ...run(CHECKS_OF.syscall, outsideRules(context)),
    ...run(
      CHECKS_OF.syscall,
      part(context, { syscalls: context.syscalls, outside: false }),
      (span) => byName.get(nameAt(span))?.unit,
    ),
    ...run(CHECKS_OF.profile, context),
  ];
  line.young = list.sort(inOrder);
  return { list: new FoundList([...list]), line, directives, syscalls };
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
  for (const each of line.young) each.outlive();
  const rules = [...changed.keys()].map((position) => context.rules[position]!);
  const gone = new Set([...changed.values()].map(({ view }) => view));
  const directives = [...known.filter(({ view }) => !gone.has(view)), ...directivesIn(rules.flatMap(viewsIn))];
  const run = runner(line, options, directives);
  const syscalls = new Set(context.syscalls);
  const ended = new Set(changed.keys());
  const come = changedSyscalls(old, syscalls, ended);
  const found = [
    ...rules.flatMap((rule) => run(CHECKS_OF.rule, onlyRule(context, rule), () => rule.position)),
    ...run(CHECKS_OF.syscall, outsideRules(context)),
    ...come.flatMap((each) => run(CHECKS_OF.syscall, onlySyscall(context, each), () => each.unit)),
    ...run(CHECKS_OF.profile, context),
  ];
  line.young = found.sort(inOrder);
  list.exchange(ended, line.young, inOrder);
  return { list, line, directives, syscalls };
}

/** The syscalls that must be looked at again, each with what is new of it. Adds to what has ended. */
function changedSyscalls(
  before: ReadonlySet<NamedSyscall>,
  after: ReadonlySet<NamedSyscall>,
  ended: Set<number>,
): readonly NamedSyscall[] {
  const old = new Map<string, NamedSyscall>();
  for (const each of before) if (!after.has(each)) old.set(each.name, each);
  const come: NamedSyscall[] = [];
  for (const each of after) {
    if (before.has(each)) continue;
    const { name, unit, filter } = each;
    const changes = changesSince(old.get(name), each);
    for (const mention of changes.gone) ended.add(mention.unit);
    come.push({ name, unit, filter, overruled: changes.come });
    if (old.has(name)) ended.add(old.get(name)!.unit);
    old.delete(name);
  }
  for (const { unit, overruled } of old.values()) {
    ended.add(unit);
    for (const mention of overruled) ended.add(mention.unit);
  }
  return come;
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

/** The unit of what is found outside of rules, which stays as it is. Positions of rules are the units of what is found in them. */
const OUTSIDE = -2;

type Run = (
  checks: readonly Check[],
  context: CheckContext,
  unitOf?: (span: Span) => number | undefined,
) => readonly Found[];

function runner(line: Line, options: AnalysisOptions, directives: readonly Directive[]): Run {
  const suppressed = suppressedBy(directives);
  const reliable = reliableFixes(line.analysis);
  return (checks, context, unitOf) => {
    const found: Found[] = [];
    for (const check of checks) {
      const configured = options.severities?.[check.code];
      if (configured === 'off') continue;
      try {
        for (const finding of check.find(context)) {
          if (suppressed(check.code, finding.span)) continue;
          const unit = finding.unit ?? unitOf?.(finding.span) ?? WHOLE;
          const severity = configured ?? finding.severity ?? check.severity;
          found.push(new Found(check, severity, reliable(check, finding), { unit, line }));
        }
      } catch (error) {
        options.onError?.(check, error);
      }
    }
    return found;
  };
}

/** A finding of some version, which may stand for the same one in later versions. */
class Found implements Reported, Listed {
  readonly check: Check;
  readonly severity: Severity;
  readonly span: Span;
  readonly message: string;
  readonly tag: Finding['tag'];
  readonly related: Finding['related'];
  readonly unit: number;
  private readonly line: Line;
  private own: Finding['fixes'] | 'asked again';

  constructor(check: Check, severity: Severity, { span, message, tag, related, fixes }: Finding, from: Origin) {
    this.check = check;
    this.severity = severity;
    this.span = span;
    this.message = message;
    this.tag = tag;
    this.related = related;
    this.own = fixes;
    this.unit = from.unit;
    this.line = from.line;
  }

  get fixes(): (() => readonly Fix[]) | undefined {
    if (this.own !== 'asked again') return this.own;
    return () => findingsOf(this.check, this.line.analysis).get(keyOf(this))?.fixes?.() ?? [];
  }

  /** Ends the version that it was made in: the fixes are for its text, and would keep it in memory. The check is asked again. */
  outlive(): void {
    if (this.own) this.own = 'asked again';
  }
}

interface Origin {
  readonly unit: number;
  readonly line: Line;
}

/** Of the newest version, by check. */
const ASKED_AGAIN = new WeakMap<Analysis, Map<Check, ReadonlyMap<string, Finding>>>();

function findingsOf(check: Check, analysis: Analysis): ReadonlyMap<string, Finding> {
  const known = ASKED_AGAIN.get(analysis) ?? new Map<Check, ReadonlyMap<string, Finding>>();
  ASKED_AGAIN.set(analysis, known);
  let found = known.get(check);
  if (!found) {
    const reliable = reliableFixes(analysis);
    found = new Map([...check.find(contextOf(analysis))].map((each) => [keyOf(each), reliable(check, each)]));
    known.set(check, found);
  }
  return found;
}

function keyOf({ span, message }: Finding): string {
  return `${span.start} ${span.end} ${message}`;
}

/** What is said of a syscall is said where a rule names it. */
function nameAt(span: Span): string {
  return 'value' in span ? String(span.value) : '';
}

/** The rule at an offset. */
function ruleAt({ profile }: ProfileDocument, offset: number): Rule | undefined {
  const rules = profile?.rules ?? [];
  const rule = rules[countWhere(rules, ({ view }) => view.node.end <= offset)];
  return rule && rule.view.node.start <= offset ? rule : undefined;
}

const ORDER: ReadonlyMap<Check, number> = new Map(CHECKS.map((check, i) => [check, i]));

function inOrder({ span: a, check: one }: Found, { span: b, check: other }: Found): number {
  return a.start - b.start || a.end - b.end || ORDER.get(one)! - ORDER.get(other)!;
}

/** Checks look at a profile as it is written: where its reader has something else, what they make of it is a guess. */
function unsure(fixes: () => readonly Fix[]): () => readonly Fix[] {
  return () => fixes().map((fix) => ({ ...fix, safe: false }));
}

const WORD_START = /^\w/;
const WORD_END = /\w$/;

/**
 * A string without its closing quote swallows what follows, what is put behind an unclosed bracket lands inside of it, and a number
 * grows together with a word that no comma parts from it: where a fix reaches that far, only the repairs of the text itself can be
 * trusted, and others are taken away.
 */
function reliableFixes({ document, target }: Analysis): (check: Check, finding: Finding) => Finding {
  const { text, tree, profile } = document;
  const open = tree.problems.find(({ kind }) => kind === 'unterminated-string');
  const from = open ? lineStart(text, open.start) : text.length + 1;
  const unclosed = new Set(tree.problems.flatMap(({ kind, start }) => (kind === 'unclosed' ? start : [])));
  const isReliable = ({ start, end, text: put }: Edit): boolean =>
    end < from &&
    !unclosed.has(start) &&
    !unclosed.has(end) &&
    !(WORD_END.test(put) && WORD_START.test(text.slice(end, end + 1)));
  const isMisread = profile !== undefined && !isReadInPlace(profile, target);
  // Go puts rules together from what stands in several places, by their position: that is to be mended first
  const isFirst = (check: Check): boolean => check === duplicateKey || target.runtime === 'crun';
  const isDamaged = tree.problems.length > 0;
  return (check, finding) => {
    const { fixes } = finding;
    if (!fixes || !(isMisread || isDamaged) || check === jsonSyntax) return finding;
    const isText = textChecks.includes(check);
    if (isMisread && !isText && !isFirst(check)) return { ...finding, fixes: () => [] };
    const reached = isMisread && !isText ? unsure(fixes) : fixes;
    const isUsable = ({ edits }: Fix): boolean => edits.length > 0 && (!isDamaged || edits.every(isReliable));
    return { ...finding, fixes: () => reached().filter(isUsable) };
  };
}
