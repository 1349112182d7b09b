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
      if (!profile) return void vscode.window.showInformationMessage(NO_PROFILE);
      const address = profile.uri.toString();
      if (running.has(address))
        return void vscode.window.showInformationMessage('This profile is being tested already.');
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
      if (!shown) void vscode.window.showInformationMessage('This profile has not been tested yet.');
    }),
  );
}

/** Tests the text of the editor, saved or not, and shows what came of it. Yields the result for other extensions. */
async function testProfile(
  profile: vscode.TextDocument,
  link: ServerLink,
  pages: Pages,
): Promise<TestResult | undefined> {
  if (!vscode.workspace.isTrusted) return askForTrust();
  const client = await link.client();
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Testing ${nameOf(profile.uri)}`, cancellable: true },
    (progress, token) =>
      requestWithProgress<TestParams, TestResult>(
        client,
        TEST_REQUEST,
        { uri: client.code2ProtocolConverter.asUri(profile.uri) },
        progress,
        token,
      ),
  );
  await show(profile, result, pages);
  return result;
}

async function show({ uri }: vscode.TextDocument, result: TestResult, pages: Pages): Promise<void> {
  if (result.kind === 'refused') return void vscode.window.showWarningMessage(result.message);
  if (result.outcome === 'cancelled') return;
  await pages.putReport(uri, result.markdown);
  const text = `${nameOf(uri)}: ${result.headline}`;
  if (result.repair) void offerRepair(uri, text, result.repair);
  else if (result.outcome === 'ran') void vscode.window.showInformationMessage(text);
  else if (result.outcome === 'no-engine') void offerSettings(text);
  else void vscode.window.showWarningMessage(text);
}

async function offerRepair(profile: vscode.Uri, text: string, program: Program): Promise<void> {
  const repair = 'Repair…';
  if ((await vscode.window.showWarningMessage(text, repair)) === repair)
    await vscode.commands.executeCommand(REPAIR_COMMAND, profile, program);
}

async function offerSettings(text: string): Promise<void> {
  const open = 'Open Settings';
  if ((await vscode.window.showErrorMessage(text, open)) === open)
    await vscode.commands.executeCommand('workbench.action.openSettings', 'seccomp.container');
}
