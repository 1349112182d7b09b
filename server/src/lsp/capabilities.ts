import type { ServerCapabilities } from 'vscode-languageserver';
import type { ClientFeatures } from './client-features.ts';
import { CodeActionKind, TextDocumentSyncKind } from './values.ts';

/** What the server offers to a client. `commands` are those that it runs for clients that have none of their own. */
export function serverCapabilities(client: ClientFeatures, commands: readonly string[]): ServerCapabilities {
  return {
    positionEncoding: 'utf-16',
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    completionProvider: {
      triggerCharacters: ['"', ':'],
      resolveProvider: true,
      ...(client.labelDetails && { completionItem: { labelDetailsSupport: true } }),
    },
    hoverProvider: true,
    codeActionProvider: client.codeActionLiterals
      ? {
          codeActionKinds: [
            CodeActionKind.QuickFix,
            `${CodeActionKind.SourceFixAll}.seccomp`,
            CodeActionKind.RefactorRewrite,
          ],
          ...(client.resolvesActions && { resolveProvider: true }),
        }
      : false,
    codeLensProvider: { resolveProvider: true },
    inlayHintProvider: { resolveProvider: false },
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
    ...(client.pullDiagnostics && {
      diagnosticProvider: { identifier: 'seccomp', interFileDependencies: false, workspaceDiagnostics: false },
    }),
    ...(commands.length > 0 && { executeCommandProvider: { commands: [...commands] } }),
  };
}
