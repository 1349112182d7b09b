import * as vscode from 'vscode';
import {
  type Program,
  REPAIR_COMMAND,
  REPORT_COMMAND,
  TEST_COMMAND,
  TEST_REQUEST,
  type TestParams,
  type TestResult,
} from '../../server/src/protocol.ts';
import { nameOf, profileFor } from './language.ts';
import { requestWithProgress } from './long-request.ts';
import { showError, showInformation, showWarning } from './notify.ts';
import type { Pages } from './pages.ts';
import type { ServerLink } from './server-link.ts';
import { askForTrust } from './trust.ts';

const NO_PROFILE = 'Open a seccomp profile first.';

/** Registers the commands behind the lenses: test a profile in a container, and show the report again. */
export function registerTests(context: vscode.ExtensionContext, link: ServerLink, pages: Pages): void {
  const running = new Set<string>();
  context.subscriptions.push(
    vscode.commands.registerCommand(TEST_COMMAND, async (argument: unknown) => {
      const profile = profileFor(argument);
      if (!profile) return void showInformation(NO_PROFILE);
      // before it counts as running: the question can stay open for ever
      if (!vscode.workspace.isTrusted) return askForTrust();
      const address = profile.uri.toString();
      if (running.has(address)) return void showInformation('This profile is being tested already.');
      running.add(address);
      try {
        return await testProfile(profile, link, pages);
      } finally {
        running.delete(address);
      }
    }),
    vscode.commands.registerCommand(REPORT_COMMAND, async (argument: unknown) => {
      const profile = profileFor(argument);
      const shown = profile && (await pages.showReport(profile.uri));
      if (!shown) void showInformation('This profile has not been tested yet.');
    }),
  );
}

/** Tests the text of the editor, saved or not, and shows what came of it. Yields the result for other extensions. */
async function testProfile(profile: vscode.TextDocument, link: ServerLink, pages: Pages): Promise<TestResult> {
  const client = await link.client();
  const params: TestParams = { uri: client.code2ProtocolConverter.asUri(profile.uri) };
  const title = `Testing ${nameOf(profile.uri)}`;
  const result = await requestWithProgress<TestParams, TestResult>(client, title, TEST_REQUEST, params);
  await show(profile, result, pages);
  return result;
}

async function show({ uri }: vscode.TextDocument, result: TestResult, pages: Pages): Promise<void> {
  if (result.kind === 'refused') return void showWarning(result.message);
  if (result.outcome === 'cancelled') return;
  await pages.putReport(uri, result.markdown);
  const text = `${nameOf(uri)}: ${result.headline}`;
  if (result.repair) void offerRepair(uri, text, result.repair);
  else if (result.outcome === 'ran') void showInformation(text);
  else if (result.outcome === 'no-engine') void offerSettings(text);
  else void showWarning(text);
}

async function offerRepair(profile: vscode.Uri, text: string, program: Program): Promise<void> {
  const repair = 'Repair…';
  if ((await showWarning(text, repair)) === repair)
    await vscode.commands.executeCommand(REPAIR_COMMAND, profile, program);
}

async function offerSettings(text: string): Promise<void> {
  const open = 'Open Settings';
  if ((await showError(text, open)) === open)
    await vscode.commands.executeCommand('workbench.action.openSettings', 'seccomp.container');
}
