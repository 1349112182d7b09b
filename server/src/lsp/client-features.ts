import type { ClientCapabilities } from 'vscode-languageserver';

/** What the client can do, as far as the server's answers depend on it. */
export interface ClientFeatures {
  readonly pullDiagnostics: boolean;
  readonly refreshDiagnostics: boolean;
  readonly refreshLenses: boolean;
  readonly refreshInlayHints: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly diagnosticTags: boolean;
  readonly configuration: boolean;
  readonly registerConfiguration: boolean;
  readonly snippets: boolean;
  readonly labelDetails: boolean;
  readonly itemDefaults: ReadonlySet<string>;
  readonly markdown: boolean;
  readonly codeActionLiterals: boolean;
  readonly preferredActions: boolean;
  /** Asks for the edits of an action when it is chosen, where they were left out. */
  readonly resolvesActions: boolean;
  readonly documentChanges: boolean;
  readonly nestedSymbols: boolean;
  readonly showDocument: boolean;
  readonly progress: boolean;
}

export function clientFeatures({ workspace, textDocument, window }: ClientCapabilities): ClientFeatures {
  const diagnostics = { ...textDocument?.publishDiagnostics, ...textDocument?.diagnostic };
  const completion = textDocument?.completion;
  return {
    pullDiagnostics: textDocument?.diagnostic !== undefined,
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshLenses: workspace?.codeLens?.refreshSupport === true,
    refreshInlayHints: workspace?.inlayHint?.refreshSupport === true,
    relatedInformation: diagnostics.relatedInformation === true,
    codeDescription: diagnostics.codeDescriptionSupport === true,
    diagnosticTags: diagnostics.tagSupport !== undefined,
    configuration: workspace?.configuration === true,
    registerConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    snippets: completion?.completionItem?.snippetSupport === true,
    labelDetails: completion?.completionItem?.labelDetailsSupport === true,
    itemDefaults: new Set(completion?.completionList?.itemDefaults),
    markdown: textDocument?.hover?.contentFormat?.includes('markdown') !== false,
    codeActionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    preferredActions: textDocument?.codeAction?.isPreferredSupport === true,
    resolvesActions:
      textDocument?.codeAction?.dataSupport === true &&
      textDocument.codeAction.resolveSupport?.properties.includes('edit') === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    nestedSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    showDocument: window?.showDocument?.support === true,
    progress: window?.workDoneProgress === true,
  };
}
