import { fileURLToPath } from 'node:url';
import type { CancellationToken, Diagnostic, WorkDoneProgressReporter } from 'vscode-languageserver';
import {
  type EngineSettings,
  engineLabel,
  execute,
  findEngine,
  headline,
  type ProgramRun,
  probeLabel,
  type Report,
  renderMarkdown,
  sweep,
  type Verification,
  type VerifyRequest,
  verifyProfile,
} from '../container/index.ts';
import type { Lens } from '../src/features/lens.ts';
import type { OpenDocument } from '../src/lsp/documents.ts';
import type { HostExtension, Session } from '../src/lsp/session.ts';
import {
  ENGINE_REQUEST,
  type EngineStatus,
  REPAIR_COMMAND,
  REPORT_COMMAND,
  TEST_COMMAND,
  TEST_REQUEST,
  type TestParams,
  type TestResult,
} from '../src/protocol.ts';
import { engineFor, UNTRUSTED } from './engine-for.ts';
import { endAll, type Running } from './long-request.ts';
import { serveTarget } from './read-target.ts';
import { serveRecording } from './record.ts';
import { serveSearches } from './repair.ts';
import { verifiedDiagnostics } from './verified-diagnostics.ts';

interface Test {
  /** The version that was tested. */
  readonly serial: number;
  readonly result: TestResult;
  readonly verification: Verification;
}

interface Bench {
  readonly session: Session;
  readonly last: Map<string, Test>;
  readonly running: Running;
  swept: boolean;
}

/** Lets a session test its profiles in containers of this machine's engine. Tests that run are ended by `shutdown`. */
export function containerTests(session: Session): HostExtension {
  const { connection } = session;
  serveTarget(session);
  const bench: Bench = { session, last: new Map(), running: new Map(), swept: false };
  serveSearches(session, bench.running);
  serveRecording(session, bench.running);
  connection.onRequest<TestResult, unknown>(TEST_REQUEST, (params: TestParams | undefined, token: CancellationToken) =>
    test(bench, params?.uri, token, connection.window.attachWorkDoneProgress(params?.workDoneToken)),
  );
  // the token comes last, behind parameters that are none of ours
  connection.onRequest<EngineStatus, unknown>(ENGINE_REQUEST, (...args: readonly unknown[]) =>
    engineStatus(session, args.at(-1) as CancellationToken),
  );
  session.documents.onDidClose(({ document }) => bench.last.delete(document.uri));
  return {
    commands: { [TEST_COMMAND]: ([uri]) => testByCommand(bench, uri) },
    lenses: (document) => outcomeLens(bench, document),
    diagnostics: (document) => differences(bench, document),
    shutdown: () => endAll(bench.running),
  };
}

/** For clients that know the command alone: progress and outcome are shown by messages of the protocol. */
async function testByCommand(bench: Bench, uri: unknown): Promise<TestResult> {
  const { connection, client } = bench.session;
  const progress = client.progress ? await connection.window.createWorkDoneProgress() : undefined;
  const result = await test(bench, uri, progress?.token, progress);
  if (result.kind === 'refused') connection.window.showWarningMessage(result.message);
  else connection.window.showInformationMessage(result.headline);
  return result;
}

async function test(
  bench: Bench,
  uri: unknown,
  token: CancellationToken | undefined,
  progress: WorkDoneProgressReporter | undefined,
): Promise<TestResult> {
  const { session, running, last } = bench;
  const document = typeof uri === 'string' ? session.documents.get(uri) : undefined;
  if (!session.trusted) return { kind: 'refused', message: UNTRUSTED };
  if (!document) return { kind: 'refused', message: 'This profile is not open any more.' };
  const { serial } = document;
  const controller = new AbortController();
  token?.onCancellationRequested(() => controller.abort());
  progress?.begin('Testing the profile in a container', undefined, undefined, true);
  const tested = run(bench, document, controller.signal, (message) => progress?.report(message));
  running.set(controller, tested);
  try {
    const verification = await tested;
    const result = resultOf(verification);
    // what was cancelled says nothing: the outcome before it stays
    if (verification.report.outcome.kind === 'cancelled') return result;
    last.set(document.uri, { serial, result, verification });
    session.refreshLenses();
    session.refreshDiagnostics();
    return result;
  } finally {
    running.delete(controller);
    progress?.done();
  }
}

async function run(
  bench: Bench,
  document: OpenDocument,
  signal: AbortSignal,
  progress: (message: string) => void,
): Promise<Verification> {
  const engine = await engineFor(bench.session.settings, signal);
  const verification = await verifyProfile(requestFor(bench.session, document, engine), { signal, progress });
  const { report } = verification;
  if (report.engine && !bench.swept) {
    bench.swept = true;
    await sweep(report.engine, execute);
  }
  return verification;
}

const resultOf = (verification: Verification): TestResult => ({
  kind: 'report',
  outcome: verification.report.outcome.kind,
  headline: headline(verification),
  markdown: renderMarkdown(verification),
  denied: deniedIn(verification.report),
  ...repairOf(verification.report),
});

/** What a repair is for: a container's start, or the user's program, which does well without the profile. */
function repairOf({ outcome }: Report): Pick<Extract<TestResult, { kind: 'report' }>, 'repair'> {
  if (outcome.kind === 'not-started') return { repair: {} };
  if (outcome.kind !== 'ran' || !outcome.program) return {};
  const { image, command, underProfile, unconfined } = outcome.program;
  const failsAlone = isSuccess(unconfined) && !isSuccess(underProfile);
  return failsAlone ? { repair: { image, command } } : {};
}

const isSuccess = (run: ProgramRun): boolean => run.kind === 'ended' && run.exitCode === 0;

function requestFor(
  { settings: { container } }: Session,
  document: OpenDocument,
  engine: EngineSettings,
): VerifyRequest {
  const path = document.uri.startsWith('file:') ? fileURLToPath(document.uri) : undefined;
  return {
    profile: { text: document.text.getText(), ...(path && { path }) },
    engine,
    ...(container.image && { image: container.image }),
    command: container.command,
    options: container.options,
    timeLimitMs: container.timeLimitMs,
    limits: { memory: container.memory, pids: container.pids },
  };
}

function deniedIn({ outcome }: Report): readonly string[] {
  if (outcome.kind !== 'ran') return [];
  return outcome.probe.tried.filter(({ verdict }) => verdict !== 'same').map(({ probe }) => probeLabel(probe));
}

async function engineStatus({ trusted, settings }: Session, token: CancellationToken): Promise<EngineStatus> {
  if (!trusted) return { kind: 'refused', message: UNTRUSTED };
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  const found = await findEngine(await engineFor(settings, controller.signal), execute, controller.signal);
  if (found.ok) return { kind: 'engine', label: engineLabel(found.engine) };
  return { kind: 'none', problems: found.problems.map(({ message }) => message) };
}

/** What the last test of a document found different, until the document changes. */
function differences({ last }: Bench, document: OpenDocument): readonly Diagnostic[] {
  const test = last.get(document.uri);
  return test?.serial === document.serial ? verifiedDiagnostics(document.text, test.verification) : [];
}

/** What the last test of a document came to, beside the lens that makes a new one. */
function outcomeLens({ session, last }: Bench, document: OpenDocument): readonly Lens[] {
  const test = last.get(document.uri);
  const root = session.analysis(document).document.tree.root;
  if (test?.result.kind !== 'report' || !root) return [];
  const age = test.serial === document.serial ? '' : ' (before the last change)';
  const command = session.canRun(REPORT_COMMAND) ? REPORT_COMMAND : '';
  const span = { start: root.start, end: root.start + 1 };
  const told = { span, title: test.result.headline + age, command, arguments: [document.uri] };
  const { repair } = test.result;
  if (!repair || !session.canRun(REPAIR_COMMAND)) return [told];
  // what is to be done stands in front: the line is long
  return [{ span, title: 'Repair…', command: REPAIR_COMMAND, arguments: [document.uri, repair] }, told];
}
