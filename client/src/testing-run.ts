import * as vscode from 'vscode';
import {
  RUN_TESTS_REQUEST,
  type RunTestsParams,
  TEST_STATE_NOTIFICATION,
  type TestFault,
  type TestState,
  type TestsRun,
} from '../../server/src/protocol.ts';
import { toSelection } from './reveal.ts';
import type { ServerLink } from './server-link.ts';
import { currentText, type TestCatalogue } from './testing-catalogue.ts';

let runs = 0;

/** Runs what was asked for, file by file, and shows what comes of it while it comes. */
export async function runTests(
  controller: vscode.TestController,
  catalogue: TestCatalogue,
  link: ServerLink,
  request: vscode.TestRunRequest,
  token: vscode.CancellationToken,
): Promise<void> {
  const run = controller.createTestRun(request);
  const cancel = new vscode.CancellationTokenSource();
  const following = [token, run.token].map((each) => each.onCancellationRequested(() => cancel.cancel()));
  const wanted = wantedCases(controller, request);
  for (const cases of wanted.values()) for (const item of cases) run.enqueued(item);
  try {
    for (const [file, cases] of wanted) {
      if (cancel.token.isCancellationRequested) break;
      await runFile(run, catalogue, link, file, cases, cancel.token);
    }
  } finally {
    for (const each of following) each.dispose();
    cancel.dispose();
    run.end();
  }
}

/** Cases by their file, in the order of the explorer. */
function wantedCases(
  controller: vscode.TestController,
  { include, exclude = [] }: vscode.TestRunRequest,
): ReadonlyMap<vscode.TestItem, readonly vscode.TestItem[]> {
  const wanted = new Map<vscode.TestItem, vscode.TestItem[]>();
  const visit = (item: vscode.TestItem): void => {
    if (exclude.includes(item)) return;
    if (item.parent) wanted.set(item.parent, [...(wanted.get(item.parent) ?? []), item]);
    else item.children.forEach(visit);
  };
  if (include) include.forEach(visit);
  else controller.items.forEach(visit);
  return wanted;
}

async function runFile(
  run: vscode.TestRun,
  catalogue: TestCatalogue,
  link: ServerLink,
  file: vscode.TestItem,
  cases: readonly vscode.TestItem[],
  token: vscode.CancellationToken,
): Promise<void> {
  const fail = (why: string): void => {
    for (const item of cases) run.errored(item, new vscode.TestMessage(why));
  };
  const profile = catalogue.profileOf(file);
  const text = file.uri && (await currentText(file.uri));
  if (!file.uri || !profile || text === undefined) return fail('The file of test cases is gone.');
  if (!isNear(profile, file.uri)) return fail('The profile lies outside of the workspace.');
  const profileText = await currentText(profile);
  if (profileText === undefined) return fail(`The profile ${vscode.workspace.asRelativePath(profile)} cannot be read.`);
  const client = await link.client();
  const address = client.code2ProtocolConverter.asUri;
  const number = ++runs;
  const params: RunTestsParams = {
    file: { uri: address(file.uri), text },
    profile: { uri: address(profile), text: profileText },
    cases: cases.map(({ id }) => id),
    run: number,
  };
  const listener = client.onNotification(TEST_STATE_NOTIFICATION, (state: TestState) => {
    const item = state.run === number ? cases.find(({ id }) => id === state.case) : undefined;
    if (item) show(run, item, state);
  });
  try {
    const result = await client.sendRequest<TestsRun>(RUN_TESTS_REQUEST, params, token);
    if (result.kind === 'refused') fail(result.message);
    else
      run.appendOutput(
        lines([`${file.label}: ${result.engine ?? 'no engine'}`, result.left].filter(Boolean).join('\n')),
      );
  } finally {
    listener.dispose();
  }
}

/** Whether a file lies in the workspace, or with another one: the server says so too, but what lies elsewhere is not even read. */
const isNear = (uri: vscode.Uri, other: vscode.Uri): boolean =>
  vscode.workspace.getWorkspaceFolder(uri) !== undefined ||
  uri.toString().startsWith(vscode.Uri.joinPath(other, '..', '/').toString());

function show(run: vscode.TestRun, item: vscode.TestItem, { state, durationMs, messages, output }: TestState): void {
  if (state === 'started') {
    run.started(item);
    return;
  }
  const title = `${item.label}: ${state}\r\n`;
  // a failure that is shown at two places is told once
  const told = [...new Set(messages.map(({ message }) => message))];
  run.appendOutput(title + lines(told.join('\n')) + lines(output), undefined, item);
  if (state === 'passed') run.passed(item, durationMs);
  else if (state === 'cancelled') run.skipped(item);
  else run[state](item, messages.map(toMessage), durationMs);
}

/** The terminal wants both characters of a line break. */
const lines = (text: string): string => (text === '' ? '' : `${text.trimEnd().replace(/\r?\n/g, '\r\n')}\r\n`);

function toMessage({ uri, range, message, expected, actual }: TestFault): vscode.TestMessage {
  const shown =
    expected !== undefined && actual !== undefined
      ? vscode.TestMessage.diff(message, expected, actual)
      : new vscode.TestMessage(message);
  shown.location = new vscode.Location(vscode.Uri.parse(uri), toSelection(range));
  return shown;
}
