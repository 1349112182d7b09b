import { type Policy, policyOf } from '../policy/policy.ts';
import type { Target } from '../policy/target.ts';
import { parseProfile } from '../profile/build.ts';
import type { ProfileDocument } from '../profile/model.ts';
import type { Check, CheckContext, Edit, Finding, Fix, Severity } from './check.ts';
import { applyEdits, collectEdits } from './edits.ts';
import { CHECKS } from './index.ts';
import { suppressions } from './suppress.ts';
import { textChecks } from './text/index.ts';
import { jsonSyntax } from './text/json-syntax.ts';
import { lineStart } from './text/layout.ts';

/** A finding as it is shown: with its check and the severity that the settings leave it. */
export interface Reported extends Finding {
  readonly check: Check;
  readonly severity: Severity;
}

export interface AnalysisOptions {
  readonly target: Target;
  /** Severity by code where the user changed it; `off` silences. */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>;
  /** Told of a check that failed; its findings are then missing, those of the others are not. */
  readonly onError?: (check: Check, error: unknown) => void;
}

/** Everything that is computed for one version of a document. */
export interface Analysis {
  readonly document: ProfileDocument;
  readonly target: Target;
  readonly policy: Policy | undefined;
  /** In the order of the text; computed at first use. */
  readonly findings: readonly Reported[];
}

/** Analyses a parsed document. Policy and findings are computed when first asked for, then kept. */
export function analyse(document: ProfileDocument, options: AnalysisOptions): Analysis {
  let policy: { readonly value: Policy | undefined } | undefined;
  let findings: readonly Reported[] | undefined;
  const { target } = options;
  const analysis: Analysis = {
    document,
    target,
    get policy() {
      policy ??= { value: document.profile && policyOf(document.profile, target) };
      return policy.value;
    },
    get findings() {
      findings ??= runChecks(analysis, options);
      return findings;
    },
  };
  return analysis;
}

function runChecks(analysis: Analysis, options: AnalysisOptions): readonly Reported[] {
  const context = contextOf(analysis);
  const suppressed = suppressions(context);
  const reliable = reliableFixes(analysis.document);
  const reported: Reported[] = [];
  for (const check of CHECKS) {
    const configured = options.severities?.[check.code];
    if (configured === 'off') continue;
    try {
      for (const finding of check.find(context)) {
        if (suppressed(check.code, finding.span)) continue;
        const { span, message, tag, related, fixes } = reliable(check, finding);
        const severity = configured ?? finding.severity ?? check.severity;
        // written out, so that all have one shape: a spread of as many shapes as there are checks takes several times as long
        reported.push({ span, message, severity, tag, related, fixes, check });
      }
    } catch (error) {
      options.onError?.(check, error);
    }
  }
  return reported.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
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

export function contextOf(analysis: Analysis): CheckContext {
  const { document, target } = analysis;
  return {
    document,
    target,
    profile: document.profile,
    rules: document.rules,
    get policy() {
      return analysis.policy;
    },
  };
}

/** Enough for repairs that uncover each other; a fix that never settles must not hang the editor. */
const MAX_ROUNDS = 12;

/**
 * The text after every safe fix, applied again until nothing is left to mend: a repaired comma can uncover a rule to
 * mend. Equal to the text when there is nothing to do.
 */
export function fixAll(text: string, options: AnalysisOptions): string {
  let current = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const edits = safeEdits(analyse(parseProfile(current), options).findings, options);
    const next = applyEdits(current, edits);
    if (next === current) break;
    current = next;
  }
  return current;
}

/**
 * The edits of all safe fixes that do not touch each other. While the text itself is broken only its own fixes count: what
 * the others would remove may look different once the brackets are right.
 */
function safeEdits(findings: readonly Reported[], options: AnalysisOptions): readonly Edit[] {
  const accepted = collectEdits();
  const offer = (finding: Reported): void => {
    const fix = safeFix(finding, options);
    if (fix) accepted.add(fix.edits);
  };
  const isText = (finding: Reported): boolean => textChecks.includes(finding.check);
  findings.filter(isText).forEach(offer);
  if (accepted.edits.length === 0) findings.filter((finding) => !isText(finding)).forEach(offer);
  return accepted.edits;
}

/** The first safe fix of a finding; a check whose fixes fail loses them, not those of the others. */
function safeFix(finding: Reported, options: AnalysisOptions): Fix | undefined {
  try {
    return finding.fixes?.().find((fix) => fix.safe);
  } catch (error) {
    options.onError?.(finding.check, error);
    return undefined;
  }
}
