import type { CancellationToken } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TestHost } from '../container/index.ts';
import {
  doubts,
  type RepairReport,
  repairHeadline,
  repairMarkdown,
  repairProfile,
  type SearchRequest,
  type TightenReport,
  tightenHeadline,
  tightenMarkdown,
  tightenProfile,
} from '../container/repair/index.ts';
import { toRange } from '../src/convert.ts';
import type { OpenDocument } from '../src/documents.ts';
import { minimalEdit } from '../src/features/actions/minimal-edit.ts';
import { parseProfile } from '../src/profile/build.ts';
import { ruleNames } from '../src/profile/model.ts';
import {
  type ProfileChange,
  REPAIR_REQUEST,
  type SearchParams,
  type SearchResult,
  TIGHTEN_REQUEST,
} from '../src/protocol.ts';
import { riskInWords } from '../src/repair/risk.ts';
import type { Session } from '../src/session.ts';
import { engineFor, UNTRUSTED } from './engine-for.ts';

/** A way to change a profile, and what is told of it. */
type Search = (request: SearchRequest, host: TestHost) => Promise<SearchResult>;

/** Lets a client ask for repairs and tightenings. Yields what ends those that run. */
export function serveSearches(session: Session): { end(): Promise<void> } {
  const { connection } = session;
  const running = new Map<AbortController, Promise<unknown>>();
  const serve = (name: string, title: string, search: Search): unknown =>
    connection.onRequest<SearchResult, unknown>(name, (params: SearchParams, token: CancellationToken) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      const progress = connection.window.attachWorkDoneProgress(params?.workDoneToken);
      progress.begin(title, undefined, undefined, true);
      const host = { signal: controller.signal, progress: (message: string) => progress.report(message) };
      const result = answer(session, params, host, search);
      running.set(controller, result);
      return result.finally(() => {
        running.delete(controller);
        progress.done();
      });
    });
  serve(REPAIR_REQUEST, 'Repairing the profile', repair);
  serve(TIGHTEN_REQUEST, 'Tightening the profile', tighten);
  return {
    async end() {
      for (const controller of running.keys()) controller.abort();
      await Promise.allSettled(running.values());
    },
  };
}

async function answer(
  session: Session,
  params: SearchParams | undefined,
  host: TestHost & { readonly signal: AbortSignal },
  search: Search,
): Promise<SearchResult> {
  const document = typeof params?.uri === 'string' ? session.documents.get(params.uri) : undefined;
  if (!session.trusted) return { kind: 'refused', message: UNTRUSTED };
  if (!params || !document) return { kind: 'refused', message: 'This profile is not open any more.' };
  return search(await requestFor(session, document, params, host.signal), host);
}

async function requestFor(
  { settings }: Session,
  document: OpenDocument,
  { image, command = [], hints = [] }: SearchParams,
  signal: AbortSignal,
): Promise<SearchRequest> {
  const { options, memory, pids } = settings.container;
  return {
    profile: document.text.getText(),
    engine: await engineFor(settings, signal),
    options,
    limits: { memory, pids },
    hints,
    ...(image && { image, command }),
  };
}

async function repair(request: SearchRequest, host: TestHost): Promise<SearchResult> {
  const report = await repairProfile(request, host);
  const { outcome } = report;
  const notes = new Map(outcome.kind === 'repaired' ? outcome.risks.map((risk) => [risk.name, riskInWords(risk)]) : []);
  const change =
    outcome.kind === 'repaired'
      ? changeTo(request, outcome.text, doubts(outcome).length > 0, notes)
      : bestSoFar(request, report);
  return result(report, repairHeadline(report), repairMarkdown(report), change);
}

async function tighten(request: SearchRequest, host: TestHost): Promise<SearchResult> {
  const report = await tightenProfile(request, host);
  const { outcome } = report;
  const change =
    outcome.kind === 'tightened'
      ? changeTo(request, outcome.text, doubts(outcome).length > 0)
      : bestSoFar(request, report);
  return result(report, tightenHeadline(report), tightenMarkdown(report), change);
}

/** What passed once before a limit was reached. */
function bestSoFar(request: SearchRequest, { outcome }: RepairReport | TightenReport): ProfileChange | undefined {
  if (outcome.kind !== 'ended-early' || !outcome.best) return undefined;
  return changeTo(request, outcome.best.text, true);
}

/** Undefined where nothing changes. */
function changeTo(
  { profile: before }: SearchRequest,
  after: string,
  doubtful: boolean,
  notes: ReadonlyMap<string, string> = new Map(),
): ProfileChange | undefined {
  if (before === after) return undefined;
  const old = TextDocument.create('', '', 0, before);
  const edits = minimalEdit(before, after).map((edit) => ({ range: toRange(old, edit), newText: edit.text }));
  return { before, after, edits, notes: notesIn(after, notes), doubtful };
}

function result(
  { outcome }: RepairReport | TightenReport,
  headline: string,
  markdown: string,
  change: ProfileChange | undefined,
): SearchResult {
  if (outcome.kind === 'cancelled' || (outcome.kind === 'ended-early' && outcome.why === 'cancelled'))
    return { kind: 'cancelled' };
  return { kind: 'report', headline, markdown, ...(change && { change }) };
}

/** The places of names in rules of a text. A name that is only taken out of rules has none. */
function notesIn(text: string, words: ReadonlyMap<string, string>): ProfileChange['notes'] {
  const document = TextDocument.create('', '', 0, text);
  const rules = parseProfile(text).profile?.rules ?? [];
  return rules
    .filter(({ action, conditions }) => action?.value === 'SCMP_ACT_ALLOW' && conditions.length === 0)
    .flatMap((rule) => ruleNames(rule))
    .flatMap(({ value, node }) => {
      const note = words.get(value);
      return note === undefined ? [] : [{ range: toRange(document, node), text: `${value}: ${note}` }];
    });
}
