import type {
  Connection,
  Diagnostic,
  DocumentDiagnosticParams,
  DocumentDiagnosticReport,
  DocumentSymbol,
  DocumentSymbolParams,
  ExecuteCommandParams,
  SymbolInformation,
} from 'vscode-languageserver';
import { checkByCode } from '../checks/index.ts';
import { codeActions, laterEdits } from '../features/actions.ts';
import { checkPage } from '../features/check-page.ts';
import { complete, resolveCompletion } from '../features/completion.ts';
import { foldingRanges } from '../features/folding.ts';
import { formatting } from '../features/format.ts';
import { hover } from '../features/hover.ts';
import { inlayHints } from '../features/inlay.ts';
import { selectionRanges } from '../features/selection.ts';
import { symbols } from '../features/symbols.ts';
import { CHECK_PAGE_REQUEST, type CheckPageParams, DOCUMENTATION_COMMAND } from '../protocol.ts';
import { safely, served } from './answer.ts';
import {
  actionData,
  shownDiagnostics,
  toCodeAction,
  toDiagnostic,
  toFlatSymbols,
  toFoldingRange,
  toInlayHint,
  toMarkup,
  toRange,
  toSelectionRange,
  toSpan,
  toSymbol,
  toTextEdits,
  toWorkspaceEdit,
} from './convert.ts';
import { itemData, toCompletionList } from './convert-completion.ts';
import { costMeter } from './costs.ts';
import type { OpenDocument } from './documents.ts';
import { pushDiagnostics } from './push-diagnostics.ts';
import { caseDiagnostics, serveCases, serveTests } from './serve-cases.ts';
import { serveLenses } from './serve-lenses.ts';
import { servePolicy } from './serve-policy.ts';
import { type Host, type HostExtension, openSession, type Session } from './session.ts';
import { DocumentDiagnosticReportKind, LSPErrorCodes, ResponseError } from './values.ts';
import { warmUp } from './warm-up.ts';

/**
 * Serves profiles on a connection until that ends, but for what {@link serveRarely} serves. Every request is answered, whatever the
 * text and the parameters.
 */
export function startServer(connection: Connection, host: Host): void {
  const { session, extension } = openSession(connection, host);
  serveDiagnostics(session, host, extension);
  serveEditing(session);
  serveInlayHints(session);
  serveStructure(session);
  serveLenses(session, extension);
  servePolicy(session);
  serveTests(session);
  serveCommands(session, extension);
  session.documents.listen(connection);
  const { settled } = host;
  if (settled) session.onInitialized(() => warmUp(host.defer, session.settings.target, settled));
  connection.listen();
}

/** What VS Code shows of a file; it leaves out the least severe of more. */
const MOST_SHOWN = 1000;

function serveDiagnostics(session: Session, { defer }: Host, extension: HostExtension | undefined): void {
  const { connection, documents } = session;
  const diagnose = safely(session, 'diagnostics', [] as Diagnostic[], (document: OpenDocument) => {
    if (document.cases) return caseDiagnostics(session, document, document.cases);
    if (!document.isProfile) return [];
    const findings = session.analysis(document).mostSevere(MOST_SHOWN);
    const own = findings.map((each) => toDiagnostic(document.text, each, session.client, session.documentation));
    return [...own, ...(extension?.diagnostics?.(document) ?? [])];
  });
  const push = pushDiagnostics(connection, defer, (uri) => documents.get(uri), diagnose);
  const costs = costMeter();
  const report = ({ textDocument: { uri }, previousResultId }: DocumentDiagnosticParams): DocumentDiagnosticReport => {
    const document = documents.get(uri);
    const resultId = `${document?.serial ?? 0}.${session.generation}.${session.diagnosticsAge}`;
    if (resultId === previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
    const items = document ? costs.measure(document, () => diagnose(document)) : [];
    return { kind: DocumentDiagnosticReportKind.Full, resultId, items };
  };
  connection.languages.diagnostics.on(async (params, token) => {
    const document = documents.get(params.textDocument.uri);
    const wait = document ? costs.waitFor(document) : 0;
    if (wait > 0) await new Promise<void>((resolve) => defer(wait, resolve));
    // the next keystroke asks again
    if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled');
    return report(params);
  });
  documents.onDidChangeContent(({ document }) => {
    if (!session.client.pullDiagnostics) push.changed(document);
  });
  documents.onDidClose(({ document }) => {
    costs.forget(document.uri);
    if (!session.client.pullDiagnostics) push.closed(document);
  });
  session.onSettings(session.refreshDiagnostics);
  session.onRefreshDiagnostics(() => {
    if (!session.client.pullDiagnostics) documents.all().forEach(push.changed);
  });
}

function serveEditing(session: Session): void {
  const { connection, documents } = session;
  const markup = (value: string) => toMarkup(value, session.client);
  const cases = serveCases(session);
  connection.onCompletion(
    cases.completion(
      served(session, 'completion', null, ({ position }, { text }, analysis) => {
        const list = complete(analysis, text.offsetAt(position), { snippets: session.client.snippets });
        return list ? toCompletionList(text, list, session.client) : null;
      }),
    ),
  );
  connection.onCompletionResolve((item) =>
    safely(session, 'completionItem/resolve', item, () => {
      const data = itemData(item);
      const document = data && documents.get(data.uri);
      const value = data && resolveCompletion(item.label, data.list, document && session.analysis(document));
      return value ? { ...item, documentation: markup(value) } : item;
    })(item),
  );
  connection.onHover(
    cases.hover(
      served(session, 'hover', null, ({ position }, { text }, analysis) => {
        const found = hover(analysis, text.offsetAt(position));
        return found ? { contents: markup(found.markdown), range: toRange(text, found.span) } : null;
      }),
    ),
  );
  connection.onCodeAction(
    cases.codeAction(
      served(session, 'codeAction', [], ({ range, context }, { text }, analysis) => {
        const { only } = context;
        const shown = shownDiagnostics(text, context.diagnostics);
        const options = { ...session.analysisOptions, lazy: session.client.resolvesActions, ...(only && { only }) };
        return codeActions(analysis, toSpan(text, range), options)
          .filter(({ documentation }) => !documentation || session.canRun(DOCUMENTATION_COMMAND))
          .map((item) => toCodeAction(text, item, session.client, shown));
      }),
    ),
  );
  connection.onCodeActionResolve((action) =>
    safely(session, 'codeAction/resolve', action, () => {
      const data = actionData(action);
      const document = data && documents.get(data.uri);
      if (!data || !document?.isProfile) return action;
      const edits = laterEdits(session.analysis(document), data.later, session.analysisOptions);
      return { ...action, edit: toWorkspaceEdit(document.text, edits, session.client) };
    })(action),
  );
  connection.onDocumentFormatting(
    cases.formatting(
      served(session, 'formatting', [], ({ options }, { text }, { document }) => {
        const layout = { ...options, ...(options.insertFinalNewline && { finalNewline: true }) };
        return toTextEdits(text, formatting(document, layout));
      }),
    ),
  );
  connection.onDocumentRangeFormatting(
    served(session, 'rangeFormatting', [], ({ options, range }, { text }, { document }) =>
      toTextEdits(text, formatting(document, options, toSpan(text, range))),
    ),
  );
}

function serveInlayHints(session: Session): void {
  session.onSettings(session.refreshInlayHints);
  session.connection.languages.inlayHint.on(
    served(session, 'inlayHint', [], ({ range }, { text }, analysis) =>
      inlayHints(analysis, toSpan(text, range), session.settings.inlayHints).map((hint) => toInlayHint(text, hint)),
    ),
  );
}

function serveStructure(session: Session): void {
  const { connection } = session;
  const cases = serveCases(session);
  connection.onDocumentSymbol(
    cases.symbols(
      served<DocumentSymbolParams, DocumentSymbol[] | SymbolInformation[]>(
        session,
        'documentSymbol',
        [],
        (_params, { text }, { document }) =>
          session.client.nestedSymbols
            ? symbols(document).map((symbol) => toSymbol(text, symbol))
            : toFlatSymbols(text, symbols(document)),
      ),
    ),
  );
  connection.onFoldingRanges(
    cases.folding(
      served(session, 'foldingRange', [], (_params, { text }, { document }) =>
        foldingRanges(document).map((span) => toFoldingRange(text, span)),
      ),
    ),
  );
  connection.onSelectionRanges(
    cases.selection(
      served(session, 'selectionRange', null, ({ positions }, { text }, { document }) =>
        positions.map((position) => toSelectionRange(text, selectionRanges(document, text.offsetAt(position)))),
      ),
    ),
  );
}

function serveCommands(session: Session, extension: HostExtension | undefined): void {
  const { connection } = session;
  connection.onRequest(
    CHECK_PAGE_REQUEST,
    safely(session, CHECK_PAGE_REQUEST, null, ({ code }: CheckPageParams) => {
      const check = checkByCode(code);
      return check ? checkPage(check) : null;
    }),
  );
  connection.onExecuteCommand(async ({ command, arguments: args = [] }: ExecuteCommandParams): Promise<unknown> => {
    if (command === DOCUMENTATION_COMMAND) return showPage(session, args[0]);
    const run = Object.entries(extension?.commands ?? {}).find(([name]) => name === command)?.[1];
    return run ? run(args) : new ResponseError(LSPErrorCodes.RequestFailed, `There is no command ${command}.`);
  });
}

async function showPage({ connection, documentation }: Session, code: unknown): Promise<boolean> {
  const uri = typeof code === 'string' && checkByCode(code) ? documentation(code) : undefined;
  return uri !== undefined && (await connection.window.showDocument({ uri })).success;
}
