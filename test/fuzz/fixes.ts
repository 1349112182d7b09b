import {
  type Analysis,
  type AnalysisOptions,
  analyse,
  fixAll,
  type Reported,
  soundFixes,
} from '../../server/src/checks/analyse.ts';
import type { Edit, Fix } from '../../server/src/checks/check.ts';
import { applyEdits, disjoint } from '../../server/src/checks/edits.ts';
import { compare } from '../../server/src/policy/compare.ts';
import { refusals } from '../../server/src/policy/refuse.ts';
import type { Target } from '../../server/src/policy/target.ts';
import { parseProfile } from '../../server/src/profile/build.ts';
import { defaultTarget } from '../../server/src/settings.ts';
import type { Span } from '../../server/src/syntax/tree.ts';
import { Defect } from './defect.ts';

/** For whom profiles are read: each dialect, both loaders, another architecture, and an older library. */
export const TARGETS: readonly Target[] = [
  defaultTarget(),
  { ...defaultTarget(), runtime: 'podman' },
  { ...defaultTarget(), runtime: 'kubernetes' },
  { ...defaultTarget(), runtime: 'crun' },
  { ...defaultTarget(), architecture: 'SCMP_ARCH_AARCH64' },
  { ...defaultTarget(), libseccomp: '2.5.4' },
];

const optionsFor = (target: Target): AnalysisOptions => ({
  target,
  onError: ({ code }, cause) => {
    throw new Defect(`check ${code} failed: ${cause instanceof Error ? cause.stack : cause}`);
  },
});

const analysed = (text: string, target: Target): Analysis => analyse(parseProfile(text), optionsFor(target));

/** Whether an engine loads the profile, so that its verdicts mean something. */
function loads({ document, target, policy }: Analysis): boolean {
  const { tree, profile } = document;
  return policy !== undefined && tree.problems.length === 0 && refusals(profile!, target).length === 0;
}

/** What comes of the profile as it is written: a repair that lets a rule count, or name what was meant, can bring it to light. */
const CONSEQUENCES = new Set([
  'container-cannot-start',
  'container-may-not-start',
  'program-cannot-run',
  'notify-not-allowed',
  'notify-without-listener',
  'errno-out-of-range',
  'errno-unused',
  'same-condition-conflict',
]);

const alike = ({ findings }: Analysis, { check: { code }, message }: Reported): number =>
  findings.filter((other) => other.check.code === code && other.message === message).length;

/** Applies every fix of a text alone, and all safe ones together. Throws a `Defect`; gives how many it tried. */
export function tryFixes(text: string, most: number, target = defaultTarget()): number {
  const before = analysed(text, target);
  isTold(before);
  let tried = 0;
  for (const finding of before.findings.slice(0, most))
    for (const fix of soundFixes(before, finding)) {
      tryFix(text, before, finding, fix);
      tried++;
    }
  if (tried > 0) tryAll(text, before);
  return tried;
}

/** What is refused has an error that says so. */
function isTold(analysis: Analysis): void {
  const { document, target } = analysis;
  if (document.tree.problems.length > 0 || !document.profile) return;
  const [refusal] = refusals(document.profile, target);
  if (refusal && errorsOf(analysis).length === 0)
    throw new Defect(
      `refused for ${target.runtime} on ${target.architecture}, and no error says so: ${refusal.message}`,
    );
}

function tryFix(text: string, before: Analysis, finding: Reported, fix: Fix): void {
  const { check, message } = finding;
  const { title, edits, safe } = fix;
  const name = `fix "${title}" of ${check.code} (${message}) for ${before.target.runtime} on ${before.target.architecture}`;
  if (title.trim() === '') throw new Defect(`${name}: no title`);
  if (edits.length === 0) throw new Defect(`${name}: no edits`);
  if (!disjoint(edits)) throw new Defect(`${name}: its edits overlap`);
  for (const { start, end } of edits)
    if (!(start >= 0 && start <= end && end <= text.length))
      throw new Defect(`${name}: edit ${start}-${end} lies outside`);
  const result = applyEdits(text, edits);
  if (result === text) throw new Defect(`${name}: it changes nothing`);
  const after = analysed(result, before.target);
  const problems = (analysis: Analysis): number => analysis.document.tree.problems.length;
  if (problems(after) > problems(before) && !uncovers(text, finding, fix))
    throw new Defect(`${name}: the result is more broken:\n${result}`);
  if (alike(after, finding) >= alike(before, finding) && isStillThere(after, finding, fix))
    throw new Defect(`${name}: the finding stays:\n${result}`);
  if (problems(before) === 0) newErrors(before, after, { name, result, fix });
  if (safe) sameVerdicts(before, after, name, result);
}

/** Whether the same is said at the same place; elsewhere it is what the repair uncovered. */
function isStillThere({ findings }: Analysis, { check, message, span }: Reported, { edits }: Fix): boolean {
  const before = edits.filter(({ end }) => end <= span.start);
  const start = before.reduce((sum, edit) => sum + edit.text.length - (edit.end - edit.start), span.start);
  return findings.some((other) => other.check === check && other.message === message && other.span.start === start);
}

/** What an open string had swallowed or a `#` comment had hidden can be damaged as well; the parser knows no `#`. */
function uncovers(text: string, finding: Reported, { title }: Fix): boolean {
  return isHash(text, finding) || title === 'Add the closing quote';
}

const isHash = (text: string, { check, span }: Reported): boolean =>
  check.code === 'comment-in-json' && text[span.start] === '#';

interface Fixed {
  readonly name: string;
  readonly result: string;
  readonly fix: Fix;
}

const errorsOf = ({ findings }: Analysis): readonly Reported[] =>
  findings.filter(({ severity }) => severity === 'error');

/**
 * A safe fix brings no error; others may uncover what was skipped before, as all do that only take the brackets of a list away or put
 * them around, but what they write is right.
 */
function newErrors(before: Analysis, after: Analysis, { name, result, fix }: Fixed): void {
  const strict = fix.safe && !fix.edits.some((edit) => keptIn(before.document.text, edit));
  const known = new Set(before.findings.map(({ check }) => check.code));
  // a profile that is not read at all has none of the consequences yet
  const isRead = strict && loads(before);
  const grown = errorsOf(after).length > errorsOf(before).length;
  for (const { check, span } of errorsOf(after)) {
    if (known.has(check.code) || !grown) continue;
    const written = strict || writtenBy(before, fix).some(({ start, end }) => span.start < end && start < span.end);
    if (written && (isRead || !CONSEQUENCES.has(check.code)))
      throw new Defect(`${name}: there is a new error, ${check.code}:\n${result}`);
  }
}

/** Where in the text of an edit that stands which was there before, with brackets around it or without them. */
function keptIn(text: string, { start, end, text: written }: Edit): Span | undefined {
  const old = text.slice(start, end);
  if (written !== '' && old.startsWith('[') && old.includes(written)) return { start: 0, end: written.length };
  const at = old.startsWith('{') ? written.indexOf(old) : -1;
  return at < 0 ? undefined : { start: at, end: at + old.length };
}

/** Where in the result that stands which a fix has written, and which was not there before. */
function writtenBy({ document }: Analysis, { edits }: Fix): readonly Span[] {
  let shift = 0;
  return [...edits]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .flatMap((edit) => {
      const start = edit.start + shift;
      const end = start + edit.text.length;
      shift += edit.text.length - (edit.end - edit.start);
      const kept = keptIn(document.text, edit);
      if (!kept) return { start, end };
      return [
        { start, end: start + kept.start },
        { start: start + kept.end, end },
      ];
    });
}

function sameVerdicts(before: Analysis, after: Analysis, name: string, result: string): void {
  if (!loads(before)) return;
  if (!after.policy) throw new Defect(`${name}: safe, but the result has no policy:\n${result}`);
  const { syscalls, unnamed } = compare(before.policy!, after.policy);
  const [first] = syscalls;
  if (first || unnamed) throw new Defect(`${name}: safe, but ${first?.name ?? 'unnamed calls'} differs:\n${result}`);
}

function tryAll(text: string, before: Analysis): void {
  const options = optionsFor(before.target);
  const result = fixAll(text, options);
  const after = analysed(result, before.target);
  if (fixAll(result, options) !== result) throw new Defect(`fix all leaves something to fix:\n${result}`);
  const hidden = before.findings.some(
    (finding) => isHash(text, finding) || finding.message.startsWith('The closing quote'),
  );
  if (!hidden && after.document.tree.problems.length > before.document.tree.problems.length)
    throw new Defect(`fix all: the result is more broken:\n${result}`);
  sameVerdicts(before, after, 'fix all', result);
}
