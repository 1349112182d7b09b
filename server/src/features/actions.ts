import { type Analysis, type AnalysisOptions, fixAll, type Reported } from '../checks/analyse.ts';
import type { Edit, Fix } from '../checks/check.ts';
import { collectEdits } from '../checks/edits.ts';
import type { Span } from '../syntax/tree.ts';
import { minimalEdit } from './actions/minimal-edit.ts';
import { namesActions } from './actions/names.ts';
import { silenceActions } from './actions/silence.ts';
import type { CodeActionItem, CodeActionKind } from './actions/types.ts';

export type { CodeActionItem, CodeActionKind } from './actions/types.ts';

export interface CodeActionOptions extends AnalysisOptions {
  /** Kinds that are wanted, each with all below it: `source.fixAll` asks for `source.fixAll.seccomp`. All when absent. */
  readonly only?: readonly string[];
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
    ...(wants('source.fixAll.seccomp') ? fixAllAction(analysis, options, 'source.fixAll.seccomp') : []),
    ...(wants('refactor.rewrite') ? namesActions(analysis.document, range) : []),
  ];
}

function quickFixes(analysis: Analysis, range: Span, options: CodeActionOptions): readonly CodeActionItem[] {
  const findings = analysis.findings.filter(({ span }) => span.start <= range.end && range.start <= span.end);
  const fixes = findings.map((finding) => ({ finding, fixes: fixesOf(finding, options) }));
  const mendable = fixes.some((entry) => entry.fixes.some((fix) => fix.safe));
  return withoutRepetition([
    ...fixes.flatMap((entry) => entry.fixes.map((fix, i) => fixAction(entry.finding, fix, i === 0 && fix.safe))),
    ...oneOfEachCheck(findings).flatMap((finding) => sameCheckAction(analysis, finding, options)),
    ...(mendable ? fixAllAction(analysis, options, 'quickfix') : []),
    ...findings.flatMap((finding) => silenceActions(analysis.document, finding)),
    ...oneOfEachCheck(findings).map(documentationAction),
  ]);
}

/** The fixes of a finding; a check that fails at it loses only its own. */
function fixesOf(finding: Reported, options: CodeActionOptions): readonly Fix[] {
  try {
    return finding.fixes?.().filter((fix) => fix.edits.length > 0) ?? [];
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
  const fixes = analysis.findings
    .filter((finding) => finding.check === check)
    .flatMap((finding) => fixesOf(finding, options).find((fix) => fix.safe) ?? []);
  const { edits, add } = collectEdits();
  const mended = fixes.filter((fix) => add(fix.edits)).length;
  if (mended < 2) return [];
  const title = `Fix all: ${check.summary.replace(/\.$/, '')}`;
  return [{ title, kind: 'quickfix', edits, finding: { code: check.code, span } }];
}

const FIX_ALL = new WeakMap<Analysis, readonly Edit[]>();

function fixAllAction(
  analysis: Analysis,
  options: CodeActionOptions,
  kind: 'quickfix' | 'source.fixAll.seccomp',
): readonly CodeActionItem[] {
  const edits = FIX_ALL.get(analysis) ?? fixAllEdits(analysis, options);
  FIX_ALL.set(analysis, edits);
  return edits.length > 0 ? [{ title: 'Fix all safe problems in this file', kind, edits }] : [];
}

function fixAllEdits(analysis: Analysis, options: CodeActionOptions): readonly Edit[] {
  const { text } = analysis.document;
  if (!analysis.findings.some((finding) => fixesOf(finding, options).some((fix) => fix.safe))) return [];
  return minimalEdit(text, fixAll(text, options));
}

function documentationAction({ check, span }: Reported): CodeActionItem {
  const { code } = check;
  const title = `Show documentation for ${code}`;
  return { title, kind: 'quickfix', edits: [], finding: { code, span }, documentation: code };
}

function oneOfEachCheck(findings: readonly Reported[]): readonly Reported[] {
  return findings.filter((finding, i) => findings.findIndex((other) => other.check === finding.check) === i);
}

/** Two findings at one place can ask for the same edit. */
function withoutRepetition(actions: readonly CodeActionItem[]): readonly CodeActionItem[] {
  const key = (action: CodeActionItem): string => JSON.stringify([action.title, action.edits]);
  return [...new Map(actions.toReversed().map((action) => [key(action), action])).values()].reverse();
}
