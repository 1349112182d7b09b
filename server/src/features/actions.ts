import { type Analysis, type AnalysisOptions, fixAll, type Reported, soundFixes } from '../checks/analyse.ts';
import type { Check, Edit, Fix } from '../checks/check.ts';
import { collectEdits } from '../checks/edits.ts';
import type { Span } from '../syntax/tree.ts';
import { minimalEdit } from './actions/minimal-edit.ts';
import { namesActions } from './actions/names.ts';
import { silencer } from './actions/silence.ts';
import type { CodeActionItem, CodeActionKind, Later } from './actions/types.ts';

export type { CodeActionItem, CodeActionKind, Later } from './actions/types.ts';

export interface CodeActionOptions extends AnalysisOptions {
  /** Kinds that are wanted, each with all below it: `source.fixAll` asks for `source.fixAll.seccomp`. All when absent. */
  readonly only?: readonly string[];
  /** Leave edits at many places to `laterEdits`: an editor asks for actions wherever the cursor goes. */
  readonly lazy?: boolean;
}

/**
 * What can be done about a range: the fixes of the findings that touch it, fixes of more than one finding, ways to silence
 * a finding, and rewritings of the list of names under the cursor. The options are those that the analysis was made with.
 */
export function codeActions(analysis: Analysis, range: Span, options: CodeActionOptions): readonly CodeActionItem[] {
  const wants = (kind: CodeActionKind): boolean =>
    !options.only || options.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  return [
    ...(wants('quickfix') ? quickFixes(analysis, range, options) : []),
    ...(wants('source.fixAll.seccomp') ? sourceAction(analysis, options) : []),
    ...(wants('refactor.rewrite') ? rewritings(analysis, range, options) : []),
  ];
}

function quickFixes(analysis: Analysis, range: Span, options: CodeActionOptions): readonly CodeActionItem[] {
  const findings = analysis.findings.filter(({ span }) => span.start <= range.end && range.start <= span.end);
  const tried = findings.length * analysis.document.text.length <= MOST_TRIED ? analysis : undefined;
  const fixes = findings.map((finding) => ({ finding, fixes: fixesOf(finding, options, tried) }));
  const mendable = fixes.some((entry) => entry.fixes.some((fix) => fix.safe));
  return withoutRepetition([
    ...fixes.flatMap((entry) => entry.fixes.map((fix, i) => fixAction(entry.finding, fix, i === 0 && fix.safe))),
    ...oneOfEachCheck(findings).flatMap((finding) => sameCheckAction(analysis, finding, options)),
    ...(mendable ? fixAllAction(analysis, options, 'quickfix', options.lazy) : []),
    ...findings.flatMap(silencer(analysis.document)),
    ...oneOfEachCheck(findings).map(documentationAction),
  ]);
}

/** How much text is read again to try fixes before they are offered, some tens of milliseconds: an editor asks wherever the cursor goes. */
const MOST_TRIED = 2_000_000;

/** The fixes of a finding, tried in the text of an analysis; a check that fails at it loses only its own. */
function fixesOf(finding: Reported, options: CodeActionOptions, tried?: Analysis): readonly Fix[] {
  try {
    const fixes = tried ? soundFixes(tried, finding) : (finding.fixes?.() ?? []);
    return fixes.filter((fix) => fix.edits.length > 0);
  } catch (error) {
    options.onError?.(finding.check, error);
    return [];
  }
}

function fixAction({ check, span }: Reported, fix: Fix, preferred: boolean): CodeActionItem {
  const { title, edits } = fix;
  return { title, kind: 'quickfix', edits, finding: { code: check.code, span }, ...(preferred && { preferred }) };
}

/** Mends everything that one check has found, where that is more than one place. */
function sameCheckAction(
  analysis: Analysis,
  { check, span }: Reported,
  options: CodeActionOptions,
): readonly CodeActionItem[] {
  const { code, summary } = check;
  const { edits, mended } = sameCheckEdits(analysis, code, options, options.lazy ? 2 : undefined);
  if (mended < 2) return [];
  const title = `Fix all: ${summary.replace(/\.$/, '')}`;
  const action = { title, kind: 'quickfix', finding: { code, span } } as const;
  return [options.lazy ? { ...action, edits: [], later: { of: 'check', code } } : { ...action, edits }];
}

/** The safe fixes of what a check has found, as far as they do not touch each other, and how many findings they mend; `most` is enough of them. */
function sameCheckEdits(
  { findings }: Analysis,
  code: string,
  options: CodeActionOptions,
  most = Number.POSITIVE_INFINITY,
): { readonly edits: readonly Edit[]; readonly mended: number } {
  const { edits, add } = collectEdits();
  let mended = 0;
  for (const finding of findings) {
    if (mended >= most) break;
    const fix = finding.check.code === code && fixesOf(finding, options).find((each) => each.safe);
    if (fix && add(fix.edits)) mended++;
  }
  return { edits, mended };
}

/** The edits that an action has left for later; empty where there is nothing to mend any more. */
export function laterEdits(analysis: Analysis, later: Later, options: CodeActionOptions): readonly Edit[] {
  switch (later.of) {
    case 'all':
      return allEdits(analysis, options);
    case 'check':
      return sameCheckEdits(analysis, later.code, options).edits;
    case 'names': {
      const offered = namesActions(analysis.document, { start: later.offset, end: later.offset });
      return offered.find(({ title }) => title === later.title)?.edits ?? [];
    }
  }
}

function rewritings({ document }: Analysis, range: Span, { lazy }: CodeActionOptions): readonly CodeActionItem[] {
  return namesActions(document, range).map((action) => {
    const { title } = action;
    return lazy ? { ...action, edits: [], later: { of: 'names', title, offset: range.start } } : action;
  });
}

const FIX_ALL = new WeakMap<Analysis, readonly Edit[]>();

/** The edits of "fix all": found by analysing the text again after each round of fixes, so once for each version. */
function allEdits(analysis: Analysis, options: CodeActionOptions): readonly Edit[] {
  const edits = FIX_ALL.get(analysis) ?? fixAllEdits(analysis, options);
  FIX_ALL.set(analysis, edits);
  return edits;
}

/** Who asks for this kind alone is about to use it. */
function sourceAction(analysis: Analysis, options: CodeActionOptions): readonly CodeActionItem[] {
  const lazy = options.lazy && !options.only;
  if (lazy && !isMendable(analysis, options)) return [];
  return fixAllAction(analysis, options, 'source.fixAll.seccomp', lazy);
}

/** Where there is a safe fix. */
function fixAllAction(
  analysis: Analysis,
  options: CodeActionOptions,
  kind: 'quickfix' | 'source.fixAll.seccomp',
  lazy = false,
): readonly CodeActionItem[] {
  const title = 'Fix all safe problems in this file';
  if (lazy) return [{ title, kind, edits: [], later: { of: 'all' } }];
  const edits = allEdits(analysis, options);
  return edits.length > 0 ? [{ title, kind, edits }] : [];
}

const MENDABLE = new WeakMap<Analysis, boolean>();

/** Whether anything that was found has a safe fix. Asked wherever the cursor goes, found out once for each version. */
function isMendable(analysis: Analysis, options: CodeActionOptions): boolean {
  const known =
    MENDABLE.get(analysis) ?? analysis.findings.some((finding) => fixesOf(finding, options).some((fix) => fix.safe));
  MENDABLE.set(analysis, known);
  return known;
}

function fixAllEdits(analysis: Analysis, options: CodeActionOptions): readonly Edit[] {
  const { text } = analysis.document;
  if (!isMendable(analysis, options)) return [];
  return minimalEdit(text, fixAll(text, options));
}

function documentationAction({ check, span }: Reported): CodeActionItem {
  const { code } = check;
  const title = `Show documentation for ${code}`;
  return { title, kind: 'quickfix', edits: [], finding: { code, span }, documentation: code };
}

function oneOfEachCheck(findings: readonly Reported[]): readonly Reported[] {
  const seen = new Set<Check>();
  return findings.filter(({ check }) => !seen.has(check) && seen.add(check));
}

/** Two findings at one place can ask for the same edit. */
function withoutRepetition(actions: readonly CodeActionItem[]): readonly CodeActionItem[] {
  const key = ({ title, edits, later }: CodeActionItem): string => JSON.stringify([title, edits, later]);
  return [...new Map(actions.toReversed().map((action) => [key(action), action])).values()].reverse();
}
