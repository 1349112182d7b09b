/**
 * The values that the server takes of the protocol's package. A bundler copies all of its 700 names for each file that
 * imports one of them, so this is the only such file; others import types.
 */
export {
  CodeActionKind,
  CodeLensRefreshRequest,
  Command,
  CompletionItemKind,
  CompletionItemTag,
  DiagnosticRefreshRequest,
  DiagnosticSeverity,
  DiagnosticTag,
  DidChangeConfigurationNotification,
  DocumentDiagnosticReportKind,
  InlayHintKind,
  InlayHintRefreshRequest,
  InsertTextFormat,
  LSPErrorCodes,
  MarkupKind,
  ResponseError,
  SymbolKind,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
