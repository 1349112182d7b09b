import { type Analysis, analyse, contextOf } from '../src/checks/analyse.ts';
import type { Check } from '../src/checks/check.ts';
import { checkByCode } from '../src/checks/index.ts';
import { textChecks } from '../src/checks/text/index.ts';
import type { Policy } from '../src/policy/policy.ts';
import { refusals } from '../src/policy/refuse.ts';
import { runtimeLabel, type Target } from '../src/policy/target.ts';
import { parseProfile } from '../src/profile/build.ts';
import type { Span } from '../src/syntax/tree.ts';
import { Failure } from './failure.ts';
import type { Source } from './io.ts';
import { placesIn } from './places.ts';

/** A profile that the target's runtime loads. */
export interface Loaded {
  readonly source: Source;
  readonly analysis: Analysis;
  readonly policy: Policy;
}

/** Reads what the target's runtime makes of a profile; one that it refuses ends the command with the reason. */
export function load(source: Source, target: Target, status: 1 | 2 = 1): Loaded {
  const analysis = analyse(parseProfile(source.text), { target });
  const reason = refusal(analysis, source);
  if (reason) throw new Failure(reason, status);
  return { source, analysis, policy: analysis.policy! };
}

/** Checks for files that are no profile at all. */
const NO_PROFILE = ['not-a-profile', 'seccomp-off', 'missing-default-action'];

interface Reason {
  readonly span: Span;
  readonly message: string;
}

/** Why the target's runtime does not load the profile, with its place; undefined where it does. */
export function refusal(analysis: Analysis, { name, text }: Source): string | undefined {
  const { document, target, policy } = analysis;
  const reason =
    firstError(analysis, textChecks) ??
    (document.profile && refusals(document.profile, target)[0]) ??
    (policy
      ? undefined
      : firstError(
          analysis,
          NO_PROFILE.map((code) => checkByCode(code)!),
        ));
  if (!reason && policy) return undefined;
  const start = `${runtimeLabel(target.runtime)} does not load this profile: ${name}`;
  if (!reason) return `${start} has no valid defaultAction.`;
  const { line, column } = placesIn(text)(reason.span);
  return `${start}:${line}:${column}: ${reason.message}`;
}

/** Notes in the profile that silence a check do not silence an engine: the checks are asked again. */
function firstError(analysis: Analysis, checks: readonly Check[]): Reason | undefined {
  const context = contextOf(analysis);
  const errors = checks.flatMap((check) =>
    [...check.find(context)].filter(({ severity }) => (severity ?? check.severity) === 'error'),
  );
  return errors.sort((a, b) => a.span.start - b.span.start)[0];
}
