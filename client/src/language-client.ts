import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { type InitializationOptions, TESTS_LANGUAGE } from '../../server/src/protocol.ts';
import { DOCUMENTATION_SCHEME, LANGUAGE, settings } from './language.ts';

/** A client for the server that the extension brings along; not started yet. */
export function createClient(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): LanguageClient {
  const module = context.asAbsolutePath('dist/server.cjs');
  const run = { module, transport: TransportKind.ipc };
  const debug = { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } };
  return new LanguageClient(
    'seccomp',
    'Seccomp Profiles',
    { run, debug },
    {
      documentSelector: [{ language: LANGUAGE }, { language: TESTS_LANGUAGE }],
      outputChannel: output,
      initializationOptions: initializationOptions(),
    },
  );
}

function initializationOptions(): InitializationOptions {
  return {
    settings: JSON.parse(JSON.stringify(settings())),
    trusted: vscode.workspace.isTrusted,
    clientCommands: true,
    documentation: `${DOCUMENTATION_SCHEME}:/{code}.md`,
  };
}
