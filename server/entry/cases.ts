import { fileURLToPath } from 'node:url';
import type { CancellationToken } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type CaseResult, type CasesRequest, leftInWords, runCases } from '../container/cases/index.ts';
import { engineLabel, execute, sweep } from '../container/index.ts';
import { caseIds } from '../src/cases/ids.ts';
import type { CasesDocument } from '../src/cases/model.ts';
import { problemsOf } from '../src/cases/problems.ts';
import { readCases } from '../src/cases/read.ts';
import { surroundingsOf } from '../src/lsp/case-surroundings.ts';
import { toRange } from '../src/lsp/convert.ts';
import type { HostExtension, Session } from '../src/lsp/session.ts';
import {
  RUN_TESTS_REQUEST,
  type RunTestsParams,
  TEST_STATE_NOTIFICATION,
  type TestFault,
  type TestState,
  type TestsRun,
} from '../src/protocol.ts';
import { engineFor, UNTRUSTED } from './engine-for.ts';

/** Lets a client run test cases in containers of this machine's engine. Runs that go on are ended by `shutdown`. */
export function caseTests(session: Session): HostExtension {
  const { connection } = session;
  const running = new Map<AbortController, Promise<unknown>>();
  connection.onRequest<TestsRun, unknown>(
    RUN_TESTS_REQUEST,
    async (params: RunTestsParams, token: CancellationToken) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      const ran = run(session, params, controller.signal);
      running.set(controller, ran);
      return ran.finally(() => running.delete(controller));
    },
  );
  return {
    commands: {},
    lenses: () => [],
    shutdown: async () => {
      for (const controller of running.keys()) controller.abort();
      await Promise.allSettled(running.values());
    },
  };
}

async function run(session: Session, params: RunTestsParams, signal: AbortSignal): Promise<TestsRun> {
  if (!session.trusted) return { kind: 'refused', message: UNTRUSTED };
  const { file, profile, run: number } = params;
  if (!file.uri.startsWith('file:'))
    return { kind: 'refused', message: 'Only cases in files on this machine can be run.' };
  const tell = (state: Omit<TestState, 'run'>): void =>
    void connection.sendNotification(TEST_STATE_NOTIFICATION, { run: number, ...state } satisfies TestState);
  const { connection } = session;
  const texts: Texts = {
    file: TextDocument.create(file.uri, '', 0, file.text),
    profile: TextDocument.create(profile.uri, '', 0, profile.text),
  };
  const request = await requestFor(session, params, signal);
  const ids = caseIds(request.document);
  const report = await runCases(request, {
    signal,
    started: (index) => tell({ case: ids[index]!, state: 'started', durationMs: 0, messages: [], output: '' }),
    ended: (result) => tell({ case: ids[result.index]!, ...stateOf(result, request.document, texts) }),
  });
  const { engine } = report;
  if (engine) await sweep(engine, execute);
  const left = leftInWords(report);
  return { kind: 'done', ...(engine && { engine: engineLabel(engine) }), ...(left && { left }) };
}

async function requestFor(
  session: Session,
  { file, profile, cases }: RunTestsParams,
  signal: AbortSignal,
): Promise<CasesRequest> {
  const { settings, folders } = session;
  const { options, memory, pids } = settings.container;
  const document = readCases(file.text);
  const wanted = new Set(cases);
  return {
    file: fileURLToPath(file.uri),
    document,
    problems: problemsOf(document, surroundingsOf(session, file.uri)),
    wanted: caseIds(document).flatMap((id, index) => (wanted.has(id) ? [index] : [])),
    folders: folders.filter((folder) => folder.startsWith('file:')).map((folder) => fileURLToPath(folder)),
    profile: { path: fileURLToPath(profile.uri), text: profile.text },
    engine: await engineFor(settings, signal),
    options,
    limits: { memory, pids },
  };
}

interface Texts {
  readonly file: TextDocument;
  readonly profile: TextDocument;
}

function stateOf(result: CaseResult, document: CasesDocument, texts: Texts): Omit<TestState, 'run' | 'case'> {
  const { status: state, durationMs } = result;
  return { state, durationMs, messages: faultsOf(result, document, texts), output: outputOf(result) };
}

/** A failure at its expectation, and a second time at the rule that decides. */
function faultsOf(
  { index, failures, message }: CaseResult,
  { cases }: CasesDocument,
  { file, profile }: Texts,
): readonly TestFault[] {
  const start = { line: 0, character: 0 };
  const whole = { start, end: start };
  const name = cases[index]?.name;
  const errored = message === undefined ? [] : [{ uri: file.uri, range: name ? toRange(file, name) : whole, message }];
  const failed = failures.flatMap(({ span, message: text, expected, actual, rule }): readonly TestFault[] => {
    // an editor shows a comparison instead of the message, which says more of a single word
    const compared = expected !== undefined && actual?.includes('\n') ? { expected, actual } : {};
    const at = { uri: file.uri, range: toRange(file, span), message: text, ...compared };
    return rule ? [at, { uri: profile.uri, range: toRange(profile, rule), message: text }] : [at];
  });
  return [...errored, ...failed];
}

function outputOf({ stdout, stderr, notes }: CaseResult): string {
  return [stdout, stderr, ...notes.map((note) => `${note}\n`)].filter(Boolean).join('\n');
}
