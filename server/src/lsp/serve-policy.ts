import { architecture, architectures, capabilities, defaultProfile } from '../catalog/index.ts';
import type { Analysis } from '../checks/analyse.ts';
import { type Compared, comparisonHeadline, comparisonMarkdown } from '../features/comparison.ts';
import { explain } from '../features/explain.ts';
import { linesOf } from '../features/lines.ts';
import { tableRows } from '../features/table.ts';
import { templates } from '../features/templates.ts';
import { compare } from '../policy/compare.ts';
import { type Policy, policyOf } from '../policy/policy.ts';
import { defaultPolicy } from '../policy/summary.ts';
import { runtimeLabel } from '../policy/target.ts';
import { parseProfile } from '../profile/build.ts';
import {
  COMPARE_REQUEST,
  type ComparedProfile,
  type CompareParams,
  type CompareResult,
  EXPLAIN_REQUEST,
  type ExplainParams,
  type ExplainResult,
  POLICY_NOTIFICATION,
  type PolicyRow,
  type PolicyTable,
  type ProfileTemplate,
  TABLE_COMMAND,
  TABLE_REQUEST,
  TARGET_CHOICES_REQUEST,
  type TableParams,
  type TargetChoices,
  TEMPLATES_REQUEST,
} from '../protocol.ts';
import { safely, served } from './answer.ts';
import { toRange } from './convert.ts';
import type { OpenDocument } from './documents.ts';
import type { Session } from './session.ts';

/** Serves what clients can ask about the meaning of profiles beyond the Language Server Protocol. */
export function servePolicy(session: Session): void {
  const { connection } = session;
  connection.onRequest<ExplainResult, unknown>(
    EXPLAIN_REQUEST,
    onDocument<ExplainParams, ExplainResult>(session, EXPLAIN_REQUEST, refused('This profile is not open.'), explained),
  );
  connection.onRequest(TABLE_REQUEST, onDocument<TableParams, PolicyTable | null>(session, TABLE_REQUEST, null, table));
  connection.onRequest<CompareResult, unknown>(
    COMPARE_REQUEST,
    safely<CompareParams, CompareResult>(session, COMPARE_REQUEST, refused('These cannot be compared.'), (params) =>
      compared(session, params),
    ),
  );
  connection.onRequest(TARGET_CHOICES_REQUEST, targetChoices);
  connection.onRequest(TEMPLATES_REQUEST, (): readonly ProfileTemplate[] =>
    templates(session.analysisOptions.target.architecture),
  );
  session.onSettings(() => {
    // a client that has the table shows what it says
    if (session.canRun(TABLE_COMMAND)) void connection.sendNotification(POLICY_NOTIFICATION);
  });
}

const refused = (message: string) => ({ kind: 'refused', message }) as const;

/** A handler of a request that names its document by `uri`. */
function onDocument<P extends { readonly uri: string }, R>(
  session: Session,
  what: string,
  none: R,
  run: (params: P, document: OpenDocument, analysis: Analysis) => R,
): (params: P) => R {
  const handler = served<P & { readonly textDocument: { readonly uri: string } }, R>(session, what, none, run);
  return (params) => handler({ ...params, textDocument: { uri: params?.uri } });
}

function explained({ call }: ExplainParams, { text }: OpenDocument, analysis: Analysis): ExplainResult {
  const found = explain(analysis, String(call));
  if ('error' in found) return refused(found.error);
  return { kind: 'answer', text: found.text, ...(found.span && { range: toRange(text, found.span) }) };
}

function table({ architecture: wanted }: TableParams, { text }: OpenDocument, analysis: Analysis): PolicyTable | null {
  const { policy, target } = analysis;
  if (!policy) return null;
  const covered = policy.resolved.architectures;
  const shown = covered.find(({ name }) => name === wanted) ?? policy.native.architecture;
  const rows = tableRows(analysis, shown).map(
    ({ span, ...row }): PolicyRow => ({ ...row, ...(span && { range: toRange(text, span) }) }),
  );
  return {
    runtime: runtimeLabel(target.runtime),
    architecture: shown.name,
    architectures: covered.map(({ name }) => name),
    rows,
  };
}

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

function targetChoices(): TargetChoices {
  return {
    architectures: architectures().map(({ name }) => ({ name, description: plain(architecture(name)?.doc ?? '') })),
    capabilities: capabilities().map(({ name, doc }) => ({ name, description: plain(doc) })),
  };
}

/** Markdown of the catalogue without its marks. */
const plain = (markdown: string): string => markdown.replaceAll(/[`*]/g, '');
