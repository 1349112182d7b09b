import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestHost } from '../container/index.ts';
import {
  casesSearch,
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
import { problemsOf } from '../src/cases/problems.ts';
import { readCases } from '../src/cases/read.ts';
import { surroundingsOf } from '../src/lsp/case-surroundings.ts';
import type { OpenDocument } from '../src/lsp/documents.ts';
import { profileChange } from '../src/lsp/profile-change.ts';
import type { Session } from '../src/lsp/session.ts';
import {
  type ProfileChange,
  type Program,
  REPAIR_REQUEST,
  type SearchParams,
  type SearchResult,
  type TestsFile,
  TIGHTEN_REQUEST,
} from '../src/protocol.ts';
import { noteOn } from '../src/repair/risk.ts';
import { engineFor, UNTRUSTED } from './engine-for.ts';
import { type LongHost, type Running, serveLong } from './long-request.ts';

/** A way to change a profile, and what is told of it. */
type Search = (request: SearchRequest, host: TestHost) => Promise<SearchResult>;

/** Lets a client ask for repairs and tightenings. What runs is kept in `running`. */
export function serveSearches(session: Session, running: Running): void {
  const serve = (name: string, title: string, search: Search): void =>
    serveLong<SearchParams, SearchResult>(session, running, name, title, (params, host) =>
      answer(session, params, host, search),
    );
  serve(REPAIR_REQUEST, 'Repairing the profile', repair);
  serve(TIGHTEN_REQUEST, 'Tightening the profile', tighten);
}

async function answer(
  session: Session,
  params: SearchParams | undefined,
  host: LongHost,
  search: Search,
): Promise<SearchResult> {
  const document = typeof params?.uri === 'string' ? session.documents.get(params.uri) : undefined;
  if (!session.trusted) return { kind: 'refused', message: UNTRUSTED };
  if (!params || !document) return { kind: 'refused', message: 'This profile is not open any more.' };
  const wanted = params.cases ? casesFor(session, params.cases) : programOf(params);
  if ('message' in wanted) return { kind: 'refused', message: wanted.message };
  return search({ ...wanted, ...(await requestFor(session, document, params, host.signal)) }, host);
}

async function requestFor(
  { settings }: Session,
  document: OpenDocument,
  { hints = [] }: SearchParams,
  signal: AbortSignal,
): Promise<SearchRequest> {
  const { options, memory, pids } = settings.container;
  return {
    profile: document.text.getText(),
    engine: await engineFor(settings, signal),
    options,
    limits: { memory, pids },
    hints,
  };
}

const programOf = ({ image, command = [] }: Program): Pick<SearchRequest, 'image' | 'command'> =>
  image ? { image, command } : {};

/** All cases of a file; or why they cannot be run. */
function casesFor(session: Session, { uri, text }: TestsFile): ReturnType<typeof casesSearch> | { message: string } {
  if (!uri.startsWith('file:')) return { message: 'Only cases in files on this machine can be run.' };
  const document = readCases(text);
  const mistake = problemsOf(document, surroundingsOf(session, uri)).find(({ severity }) => severity === 'error');
  const file = fileURLToPath(uri);
  if (mistake) return { message: `${basename(file)} is not right: ${mistake.message}` };
  if (document.cases.length === 0) return { message: `${basename(file)} has no case.` };
  const folders = session.folders.filter((folder) => folder.startsWith('file:')).map((folder) => fileURLToPath(folder));
  return casesSearch(document.cases, { file, folders });
}

async function repair(request: SearchRequest, host: TestHost): Promise<SearchResult> {
  const report = await repairProfile(request, host);
  const { outcome } = report;
  const notes = new Map(outcome.kind === 'repaired' ? outcome.risks.map((risk) => [risk.name, noteOn(risk)]) : []);
  const change =
    outcome.kind === 'repaired'
      ? profileChange(request.profile, outcome.text, { notes, doubtful: doubts(outcome).length > 0 })
      : bestSoFar(request, report);
  return result(report, repairHeadline(report), repairMarkdown(report), change);
}

async function tighten(request: SearchRequest, host: TestHost): Promise<SearchResult> {
  const report = await tightenProfile(request, host);
  const { outcome } = report;
  const change =
    outcome.kind === 'tightened'
      ? profileChange(request.profile, outcome.text, { doubtful: doubts(outcome).length > 0 })
      : bestSoFar(request, report);
  return result(report, tightenHeadline(report), tightenMarkdown(report), change);
}

/** What passed once before a limit was reached. */
function bestSoFar(request: SearchRequest, { outcome }: RepairReport | TightenReport): ProfileChange | undefined {
  if (outcome.kind !== 'ended-early' || !outcome.best) return undefined;
  return profileChange(request.profile, outcome.best.text, { doubtful: true });
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
