import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import {
  POLICY_NOTIFICATION,
  type PolicyTable,
  TABLE_COMMAND,
  TABLE_REQUEST,
  type TableParams,
} from '../../server/src/protocol.ts';
import { activeProfile, isProfile, nameOf, profileFor } from './language.ts';
import { showInformation } from './notify.ts';
import { reveal, toSelection } from './reveal.ts';
import type { ServerLink } from './server-link.ts';
import type { FromTable, TableState, ToTable } from './table-messages.ts';

const VIEW = 'seccomp.policyTable';
const WAIT_MS = 150;

/** The one panel that there is, and what it shows. */
interface View {
  readonly panel: vscode.WebviewPanel;
  uri: vscode.Uri;
  architecture: string | undefined;
  table: PolicyTable | null;
  timer: NodeJS.Timeout | undefined;
}

/** Registers the table of all syscalls: it follows the edit, the settings, and the profile in the active editor. */
export function registerPolicyTable(context: vscode.ExtensionContext, link: ServerLink): void {
  let view: View | undefined;
  const follow = (uri: vscode.Uri): void => {
    if (view && view.uri.toString() === uri.toString()) updateSoon(view, link);
  };
  const adopt = (panel: vscode.WebviewPanel, uri: vscode.Uri): void => {
    view = openView(context, link, panel, uri);
    panel.onDidDispose(() => {
      clearTimeout(view?.timer);
      view = undefined;
    });
  };
  const showFor = (uri: vscode.Uri): void => {
    if (view) {
      show(view, link, uri);
      view.panel.reveal(undefined, true);
    } else adopt(createPanel(), uri);
  };
  context.subscriptions.push(
    vscode.commands.registerCommand(TABLE_COMMAND, (argument: unknown) => {
      const profile = profileFor(argument);
      if (profile) showFor(profile.uri);
      else void showInformation('Open a seccomp profile first.');
    }),
    vscode.window.registerWebviewPanelSerializer(VIEW, {
      deserializeWebviewPanel: async (panel, state: TableState | undefined) => {
        const uri = state?.uri ? vscode.Uri.parse(state.uri) : activeProfile()?.uri;
        if (uri) adopt(panel, uri);
        else panel.dispose();
      },
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => follow(document.uri)),
    vscode.workspace.onDidOpenTextDocument(({ uri }) => follow(uri)),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (view && editor && isProfile(editor.document)) show(view, link, editor.document.uri);
    }),
    link.onClient((client) =>
      client.onNotification(POLICY_NOTIFICATION, () => {
        if (view) updateSoon(view, link);
      }),
    ),
  );
}

function createPanel(): vscode.WebviewPanel {
  const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
  return vscode.window.createWebviewPanel(VIEW, 'Policy', place, { enableFindWidget: true });
}

function openView(
  { extensionUri }: vscode.ExtensionContext,
  link: ServerLink,
  panel: vscode.WebviewPanel,
  uri: vscode.Uri,
): View {
  const view: View = { panel, uri, architecture: undefined, table: null, timer: undefined };
  const { webview } = panel;
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  webview.onDidReceiveMessage((message: FromTable) => receive(view, link, message));
  panel.title = titleOf(uri);
  const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'client/icons', `seccomp-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  webview.html = page(
    webview,
    vscode.Uri.joinPath(dist, 'policy-table.js'),
    vscode.Uri.joinPath(dist, 'policy-table.css'),
  );
  return view;
}

const titleOf = (uri: vscode.Uri): string => `Policy of ${nameOf(uri)}`;

/** Nothing is loaded but the extension's own script and style; all texts come by messages. */
function page(webview: vscode.Webview, script: vscode.Uri, style: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${webview.asWebviewUri(style)}">
<title>Policy</title>
</head>
<body>
<script nonce="${nonce}" src="${webview.asWebviewUri(script)}"></script>
</body>
</html>`;
}

function receive(view: View, link: ServerLink, message: FromTable): void {
  switch (message.kind) {
    case 'ready':
      view.architecture = message.architecture;
      void update(view, link);
      break;
    case 'architecture':
      view.architecture = message.name;
      void update(view, link);
      break;
    case 'go':
      void goTo(view, message.name);
  }
}

async function goTo({ uri, table }: View, name: string): Promise<void> {
  const range = table?.rows.find((row) => row.name === name)?.range;
  if (range) await reveal(uri, toSelection(range));
}

function show(view: View, link: ServerLink, uri: vscode.Uri): void {
  if (view.uri.toString() === uri.toString()) return;
  view.uri = uri;
  view.panel.title = titleOf(uri);
  void update(view, link);
}

function updateSoon(view: View, link: ServerLink): void {
  clearTimeout(view.timer);
  view.timer = setTimeout(() => void update(view, link), WAIT_MS);
}

/** Asks for the table and shows it, unless the panel has turned to another profile meanwhile. */
async function update(view: View, link: ServerLink): Promise<void> {
  const { uri, architecture, panel } = view;
  try {
    const client = await link.client();
    const params: TableParams = {
      uri: client.code2ProtocolConverter.asUri(uri),
      ...(architecture && { architecture }),
    };
    const table = await client.sendRequest<PolicyTable | null>(TABLE_REQUEST, params);
    if (view.uri !== uri || view.architecture !== architecture) return;
    view.table = table;
    const message: ToTable = { kind: 'table', uri: uri.toString(), file: nameOf(uri), table };
    await panel.webview.postMessage(message);
  } catch (error) {
    link.output.error(`Policy table: ${error}`);
  }
}
