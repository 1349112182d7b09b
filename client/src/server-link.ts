import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { TRUST_NOTIFICATION } from '../../server/src/protocol.ts';
import { isProfile, isTestsFile } from './language.ts';
import { showError } from './notify.ts';

/** The way to the server, which is started when it is first needed. */
export interface ServerLink {
  readonly output: vscode.LogOutputChannel;
  /** The client of a running server. */
  client(): Promise<LanguageClient>;
  /** Is told of every client that is started, also after a restart. */
  onClient(listener: (client: LanguageClient) => void): vscode.Disposable;
  /** Starts the server anew, or for the first time. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the server as soon as a profile is open. */
export function serverLink(context: vscode.ExtensionContext): ServerLink {
  const output = vscode.window.createOutputChannel('Seccomp Profiles', { log: true });
  const ready = new vscode.EventEmitter<LanguageClient>();
  let started: Promise<LanguageClient> | undefined;
  const client = (): Promise<LanguageClient> => {
    started ??= start(context, output).then((made) => {
      ready.fire(made);
      return made;
    });
    return started;
  };
  const whenOpened = (document: vscode.TextDocument): void => {
    if (isProfile(document) || isTestsFile(document)) client().catch((error: unknown) => complain(output, error));
  };
  context.subscriptions.push(
    output,
    ready,
    vscode.workspace.onDidOpenTextDocument(whenOpened),
    vscode.workspace.onDidGrantWorkspaceTrust(async () => (await started)?.sendNotification(TRUST_NOTIFICATION)),
  );
  vscode.workspace.textDocuments.forEach(whenOpened);
  return {
    output,
    client,
    onClient: ready.event,
    restart: async () => {
      if (started) await (await started.catch(() => undefined))?.stop();
      started = undefined;
      await client();
    },
    stop: async () => (await started?.catch(() => undefined))?.stop(),
  };
}

async function start(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): Promise<LanguageClient> {
  // what opens no profile need not load the client
  const { createClient } = await import('./language-client.ts');
  const client = createClient(context, output);
  await client.start();
  return client;
}

function complain(output: vscode.LogOutputChannel, error: unknown): void {
  output.error(String(error));
  void showError('The server for seccomp profiles did not start. Its log is in the output "Seccomp Profiles".');
}
