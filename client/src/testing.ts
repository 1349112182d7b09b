import * as vscode from 'vscode';
import {
  CREATE_TESTS_COMMAND,
  CREATE_TESTS_REQUEST,
  type CreateTestsParams,
  RUN_TESTS_COMMAND,
  type TestsFile,
} from '../../server/src/protocol.ts';
import { isProfile, profileFor } from './language.ts';
import { showInformation } from './notify.ts';
import type { ServerLink } from './server-link.ts';
import { type TestCatalogue, testCatalogue } from './testing-catalogue.ts';
import { runTests } from './testing-run.ts';
import { askForTrust } from './trust.ts';

/** Shows the test cases of profiles in the Test Explorer, once the workspace is trusted, and registers the commands for them. */
export function registerTesting(context: vscode.ExtensionContext, link: ServerLink): TestFiles {
  let explorer: Explorer | undefined;
  const start = (): void => {
    explorer = openExplorer(context, link);
  };
  context.subscriptions.push(
    vscode.commands.registerCommand(CREATE_TESTS_COMMAND, (argument) => createTests(argument, link)),
    vscode.commands.registerCommand(RUN_TESTS_COMMAND, (argument) =>
      explorer ? explorer.runProfile(argument) : askForTrust(),
    ),
    vscode.workspace.onDidGrantWorkspaceTrust(start),
  );
  if (vscode.workspace.isTrusted) start();
  return { filesOf: async (profile) => (await explorer?.filesOf(profile)) ?? [] };
}

/** Tells which files of test cases there are. */
export interface TestFiles {
  /** Those that are about a profile; none in a workspace without trust. */
  filesOf(profile: vscode.Uri): Promise<readonly vscode.Uri[]>;
}

interface Explorer extends TestFiles {
  /** Runs the cases of the profile that a command names. */
  runProfile(argument: unknown): Promise<void>;
}

function openExplorer(context: vscode.ExtensionContext, link: ServerLink): Explorer {
  const controller = vscode.tests.createTestController('seccomp', 'Seccomp Profiles');
  const catalogue = testCatalogue(controller, link);
  const run = (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> =>
    runTests(controller, catalogue, link, request, token);
  const profile = controller.createRunProfile('Run in Containers', vscode.TestRunProfileKind.Run, run, true);
  controller.refreshHandler = () => catalogue.refresh();
  context.subscriptions.push(controller, ...follow(catalogue));
  void catalogue.refresh();
  const filesOf = async (profile: vscode.Uri): Promise<vscode.TestItem[]> => {
    await catalogue.refresh();
    return catalogue.filesOf(profile);
  };
  return {
    filesOf: async (profile) => (await filesOf(profile)).flatMap(({ uri }) => uri ?? []),
    runProfile: async (argument) => {
      const document = profileFor(argument);
      if (!document) return;
      const include = await filesOf(document.uri);
      if (include.length === 0) return void showInformation('There are no test cases for this profile.');
      const source = new vscode.CancellationTokenSource();
      await run(new vscode.TestRunRequest(include, undefined, profile, false, false), source.token);
      source.dispose();
    },
  };
}

/** Keeps the catalogue in step with files and editors. */
function follow(catalogue: TestCatalogue): readonly vscode.Disposable[] {
  const watcher = vscode.workspace.createFileSystemWatcher('**/*.json');
  const changed = (uri: vscode.Uri): void => void catalogue.changed(uri);
  return [
    watcher,
    watcher.onDidCreate(changed),
    watcher.onDidChange(changed),
    watcher.onDidDelete(changed),
    vscode.workspace.onDidOpenTextDocument(({ uri }) => changed(uri)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) changed(document.uri);
    }),
  ];
}

/** Writes a file of test cases for a profile beside it and opens it; one that is there already is opened as it is. */
async function createTests(argument: unknown, link: ServerLink): Promise<void> {
  const profile = profileFor(argument);
  if (!profile) return void showInformation('Open a seccomp profile first.');
  if (profile.isUntitled) return void showInformation('Save the profile first: its tests stand beside it.');
  const client = await link.client();
  const params: CreateTestsParams = { uri: client.code2ProtocolConverter.asUri(profile.uri) };
  const file = await client.sendRequest<TestsFile | null>(CREATE_TESTS_REQUEST, params);
  if (!file || !isProfile(profile)) return;
  const uri = vscode.Uri.parse(file.uri);
  const there = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (!there) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(file.text));
  await vscode.window.showTextDocument(uri);
}
