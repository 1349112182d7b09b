import { architecture, architectures, capabilities } from '../catalog/index.ts';
import type { Analysis } from '../checks/analyse.ts';
import { explain } from '../features/explain.ts';
import { tableRows } from '../features/table.ts';
import { templates } from '../features/templates.ts';
import { runtimeLabel } from '../policy/target.ts';
import {
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
import { served } from './answer.ts';
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

function targetChoices(): TargetChoices {
  return {
    architectures: architectures().map(({ name }) => ({ name, description: plain(architecture(name)?.doc ?? '') })),
    capabilities: capabilities().map(({ name, doc }) => ({ name, description: plain(doc) })),
  };
}

/** Markdown of the catalogue without its marks. */
const plain = (markdown: string): string => markdown.replaceAll(/[`*]/g, '');
