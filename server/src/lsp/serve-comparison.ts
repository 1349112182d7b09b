import { defaultProfile } from '../catalog/index.ts';
import { type Compared, comparisonHeadline, comparisonMarkdown } from '../features/comparison.ts';
import { linesOf } from '../features/lines.ts';
import { compare } from '../policy/compare.ts';
import { type Policy, policyOf } from '../policy/policy.ts';
import { defaultPolicy } from '../policy/summary.ts';
import { parseProfile } from '../profile/build.ts';
import { COMPARE_REQUEST, type ComparedProfile, type CompareParams, type CompareResult } from '../protocol.ts';
import { safely } from './answer.ts';
import type { Session } from './session.ts';

/** Serves comparisons of two profiles. */
export function serveComparison(session: Session): void {
  session.connection.onRequest<CompareResult, unknown>(
    COMPARE_REQUEST,
    safely<CompareParams, CompareResult>(session, COMPARE_REQUEST, refused('These cannot be compared.'), (params) =>
      compared(session, params),
    ),
  );
}

const refused = (message: string) => ({ kind: 'refused', message }) as const;

interface Loaded {
  readonly label: string;
  readonly text: string;
  readonly policy: Policy;
}

function compared(session: Session, { before: first, after: second }: CompareParams): CompareResult {
  const before = load(session, first);
  if (typeof before === 'string') return refused(before);
  const after = load(session, second);
  if (typeof after === 'string') return refused(after);
  const { target } = session.analysisOptions;
  const report: Compared = {
    before: side(before),
    after: side(after),
    comparison: compare(before.policy, after.policy),
    covered: [...before.policy.resolved.architectures, ...after.policy.resolved.architectures],
    target,
  };
  return {
    kind: 'report',
    title: `${after.label} next to ${before.label}`,
    headline: comparisonHeadline(report),
    markdown: comparisonMarkdown(report),
  };
}

const side = ({ label, text }: Loaded): Compared['before'] => ({ label, lines: linesOf(text) });

/** A profile with its policy for the session's target, or why there is none. */
function load(session: Session, profile: ComparedProfile): Loaded | string {
  const { target } = session.analysisOptions;
  if (profile.kind === 'default') return loadDefault(session, profile.engine);
  if (profile.kind === 'text') return loaded(profile.label, profile.text, policyOfText(profile.text, target));
  const document = session.documents.get(profile.uri);
  if (!document?.isProfile) return `${profile.label} is not open.`;
  return loaded(profile.label, document.text.getText(), session.analysis(document).policy);
}

function loadDefault({ analysisOptions: { target } }: Session, engine: 'docker' | 'podman'): Loaded {
  const { text, label } = defaultProfile(engine);
  return { label: `${label.split(' ')[0]}'s default`, text, policy: defaultPolicy(engine, target) };
}

function policyOfText(text: string, target: Policy['target']): Policy | undefined {
  const { profile } = parseProfile(text);
  return profile && policyOf(profile, target);
}

function loaded(label: string, text: string, policy: Policy | undefined): Loaded | string {
  return policy ? { label, text, policy } : `No engine loads ${label}: it is no profile with a valid defaultAction.`;
}
