import { type Policy, policyAgain, policyOf } from '../policy/policy.ts';
import type { Target } from '../policy/target.ts';
import { parseProfile } from '../profile/build.ts';
import type { EditedProfile } from '../profile/edit.ts';
import type { ProfileDocument, Rule } from '../profile/model.ts';
import type { Check, Edit, Fix, Severity } from './check.ts';
import { applyEdits, collectEdits } from './edits.ts';
import { type Findings, findAgain, findAll, type Reported } from './run.ts';
import { commentInJson } from './text/comment-in-json.ts';
import { textChecks } from './text/index.ts';
import { jsonSyntax } from './text/json-syntax.ts';
import { problemsAfter } from './text/problems.ts';

export { contextOf, type Reported } from './run.ts';

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
  /** The most severe of the findings, in their order, where there are more than so many. */
  mostSevere(most: number): readonly Reported[];
  /**
   * The analysis of the next version, in which the inside of one rule changed: the same as `analyse` gives, at the cost of
   * that rule. This one must not be used any more, like its document.
   */
  after(edited: EditedProfile): Analysis;
}

/** Analyses a parsed document. Policy and findings are computed when first asked for, then kept. */
export function analyse(document: ProfileDocument, options: AnalysisOptions): Analysis {
  return analysisOf(document, options, {});
}

/** What is computed already, in this version or in an earlier one. */
interface Known {
  policy?: { readonly value: Policy | undefined };
  findings?: Findings;
  earlier?: Earlier;
}

/** What was found in an earlier version, and the rules that changed since: their positions with what stood there. */
interface Earlier {
  readonly findings: Findings;
  readonly changed: ReadonlyMap<number, Rule>;
}

function analysisOf(document: ProfileDocument, options: AnalysisOptions, known: Known): Analysis {
  const { target } = options;
  const found = (): Findings => {
    known.findings ??= findingsAfter(known.earlier, analysis, options);
    delete known.earlier;
    return known.findings;
  };
  const analysis: Analysis = {
    document,
    target,
    get policy() {
      known.policy ??= { value: document.profile && policyOf(document.profile, target) };
      return known.policy.value;
    },
    get findings() {
      return found().list.all;
    },
    mostSevere: (most) => found().list.mostSevere(most),
    after(edited) {
      // comments disturb nothing; any other damage may change how the rest of the text is judged
      if (!isUndamaged(document) || !isUndamaged(edited.document)) return analyse(edited.document, options);
      return analysisOf(edited.document, options, { ...policyAfter(known, edited), ...earlier(known, edited) });
    },
  };
  return analysis;
}

function isUndamaged({ tree }: ProfileDocument): boolean {
  return tree.problems.every(({ kind }) => kind === 'comment');
}

/** Made at once: a later change of the same rule could not tell any more what the filter holds of it. */
function policyAfter({ policy }: Known, edited: EditedProfile): Known {
  return policy?.value ? { policy: { value: policyAgain(policy.value, edited) } } : {};
}

function earlier({ findings, earlier: known }: Known, { before }: EditedProfile): Known {
  const own = new Map([[before.position, before]]);
  if (findings) return { earlier: { findings, changed: own } };
  return known ? { earlier: { ...known, changed: new Map([...own, ...known.changed]) } } : {};
}

function findingsAfter(known: Earlier | undefined, analysis: Analysis, options: AnalysisOptions): Findings {
  return known ? findAgain(known.findings, known.changed, analysis, options) : findAll(analysis, options);
}

/** Enough for repairs that uncover each other; a fix that never settles must not hang the editor. */
const MAX_ROUNDS = 20;

/**
 * The text after every safe fix, applied again until nothing is left to mend: a repaired comma can uncover a rule to
 * mend. Equal to the text when there is nothing to do. There are never more departures from JSON than before, but for
 * those that a comment or an open string had hidden: edits that bring some are left out.
 */
export function fixAll(text: string, options: AnalysisOptions): string {
  let document = parseProfile(text);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = mended(document, safeFixes(analyse(document, options), options));
    if (next.text === document.text) break;
    document = next;
  }
  return document.text;
}

/** The edits of one fix. */
interface Mend {
  readonly edits: readonly Edit[];
  /** What a `#` comment or an open string hides is read, and may be damaged, only once that is mended. */
  readonly uncovers: boolean;
}

/**
 * All safe fixes that do not touch each other. While the text itself is broken only its own fixes count: what the others
 * would remove may look different once the brackets are right.
 */
function safeFixes({ document, findings }: Analysis, options: AnalysisOptions): readonly Mend[] {
  const { add } = collectEdits();
  const accepted: Mend[] = [];
  const offer = (finding: Reported): void => {
    const fix = safeFix(finding, options);
    if (fix && add(fix.edits)) accepted.push({ edits: fix.edits, uncovers: uncovers(document, finding) });
  };
  const isText = (finding: Reported): boolean => textChecks.includes(finding.check);
  findings.filter(isText).forEach(offer);
  if (accepted.length === 0) findings.filter((finding) => !isText(finding)).forEach(offer);
  return accepted;
}

function uncovers({ text }: ProfileDocument, { check, span }: Reported): boolean {
  const first = text[span.start];
  return (check === commentInJson && first === '#') || (check === jsonSyntax && first === '"');
}

/** The fixes of a finding but those that would leave the text further from JSON than it is: one parse for each in a damaged text. */
export function soundFixes({ document }: Analysis, finding: Reported): readonly Fix[] {
  const fixes = finding.fixes?.() ?? [];
  const known = document.tree.problems.length;
  if (known === 0 || uncovers(document, finding)) return fixes;
  return fixes.filter(({ edits }) => problemsAfter(document, edits) <= known);
}

/** The document after fixes that do not touch each other, without those that damage it. */
function mended(document: ProfileDocument, mends: readonly Mend[]): ProfileDocument {
  const after = withMends(document, mends);
  if (!isWorse(after, document)) return after;
  const always = mends.filter((mend) => mend.uncovers);
  const base = withMends(document, always);
  const others = mends.filter((mend) => !mend.uncovers);
  const isHarmless = (some: readonly Mend[]): boolean => !isWorse(withMends(document, [...always, ...some]), base);
  return withMends(document, [...always, ...harmless(others, isHarmless, { left: MOST_TRIES })]);
}

function withMends(document: ProfileDocument, mends: readonly Mend[]): ProfileDocument {
  if (mends.length === 0) return document;
  const edits = mends.flatMap((mend) => mend.edits);
  return parseProfile(applyEdits(document.text, edits));
}

function isWorse(after: ProfileDocument, before: ProfileDocument): boolean {
  return after.tree.problems.length > before.tree.problems.length;
}

/** Each is a parse of the whole text, so that they must not grow with the number of fixes. */
const MOST_TRIES = 24;

/** Some of the fixes, which together do no harm: all of them, or else those of each half of which that is so. */
function harmless(
  mends: readonly Mend[],
  isHarmless: (some: readonly Mend[]) => boolean,
  tries: { left: number },
): readonly Mend[] {
  if (mends.length === 0 || tries.left-- <= 0) return [];
  if (isHarmless(mends)) return mends;
  const half = mends.length >> 1;
  if (half === 0) return [];
  const kept = [mends.slice(0, half), mends.slice(half)].flatMap((part) => harmless(part, isHarmless, tries));
  return isHarmless(kept) ? kept : [];
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
