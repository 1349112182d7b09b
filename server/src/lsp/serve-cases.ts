import type {
  CodeAction,
  CodeActionParams,
  CompletionList,
  CompletionParams,
  Diagnostic,
  DocumentFormattingParams,
  DocumentSymbol,
  DocumentSymbolParams,
  FoldingRange,
  FoldingRangeParams,
  Hover,
  HoverParams,
  SelectionRange,
  SelectionRangeParams,
  SymbolInformation,
  TextEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { completeCases } from '../cases/complete.ts';
import { createTests } from '../cases/create.ts';
import { hoverCases } from '../cases/hover.ts';
import { caseIds } from '../cases/ids.ts';
import type { CasesDocument } from '../cases/model.ts';
import { profilePathOf, testsPathOf } from '../cases/paths.ts';
import { errorsOfCases } from '../cases/problems.ts';
import { readCases } from '../cases/read.ts';
import { caseSymbols } from '../cases/symbols.ts';
import { pathOfUri, uriOfPath } from '../cases/uris.ts';
import { foldingRanges } from '../features/folding.ts';
import { selectionRanges } from '../features/selection.ts';
import {
  CREATE_TESTS_REQUEST,
  type CreateTestsParams,
  DISCOVER_TESTS_REQUEST,
  type DiscoveredTests,
  type TestsFile,
} from '../protocol.ts';
import { format } from '../syntax/format.ts';
import { orCases, safely, served } from './answer.ts';
import { caseProblemsOf, surroundingsOf } from './case-surroundings.ts';
import {
  SEVERITY,
  shownDiagnostics,
  toFlatSymbols,
  toFoldingRange,
  toMarkup,
  toRange,
  toSelectionRange,
  toSpan,
  toSymbol,
  toTextEdits,
  toWorkspaceEdit,
} from './convert.ts';
import { toCompletionList } from './convert-completion.ts';
import type { OpenDocument } from './documents.ts';
import type { Session } from './session.ts';
import { CodeActionKind } from './values.ts';

type Handler<P, R> = (params: P) => R;

/** Language features of files of test cases: each takes the handler for profiles and gives one for both. */
export interface CaseHandlers {
  completion(other: Handler<CompletionParams, CompletionList | null>): typeof other;
  hover(other: Handler<HoverParams, Hover | null>): typeof other;
  codeAction(other: Handler<CodeActionParams, CodeAction[]>): typeof other;
  formatting(other: Handler<DocumentFormattingParams, TextEdit[]>): typeof other;
  folding(other: Handler<FoldingRangeParams, FoldingRange[]>): typeof other;
  selection(other: Handler<SelectionRangeParams, SelectionRange[] | null>): typeof other;
  symbols(other: Handler<DocumentSymbolParams, DocumentSymbol[] | SymbolInformation[]>): typeof other;
}

export function serveCases(session: Session): CaseHandlers {
  return {
    completion: (other) =>
      orCases(
        session,
        'completion',
        null,
        ({ position }, { text }, cases) => {
          const list = completeCases(cases, text.offsetAt(position), { snippets: session.client.snippets });
          return list ? toCompletionList(text, list, session.client) : null;
        },
        other,
      ),
    hover: (other) =>
      orCases(
        session,
        'hover',
        null,
        ({ position }, { text, uri }, cases) => {
          const { architecture } = surroundingsOf(session, uri);
          const found = hoverCases(cases, text.offsetAt(position), architecture);
          return found
            ? { contents: toMarkup(found.markdown, session.client), range: toRange(text, found.span) }
            : null;
        },
        other,
      ),
    codeAction: (other) =>
      orCases(session, 'codeAction', [], (params, document, cases) => fixes(session, params, document, cases), other),
    formatting: (other) =>
      orCases(
        session,
        'formatting',
        [],
        ({ options }, { text }) => {
          const layout = { ...options, ...(options.insertFinalNewline && { finalNewline: true }) };
          return toTextEdits(text, format(text.getText(), layout));
        },
        other,
      ),
    folding: (other) =>
      orCases(
        session,
        'foldingRange',
        [],
        (_params, { text }, cases) => foldingRanges(cases).map((span) => toFoldingRange(text, span)),
        other,
      ),
    selection: (other) =>
      orCases(
        session,
        'selectionRange',
        null,
        ({ positions }, { text }, cases) =>
          positions.map((position) => toSelectionRange(text, selectionRanges(cases, text.offsetAt(position)))),
        other,
      ),
    symbols: (other) =>
      orCases<DocumentSymbolParams, DocumentSymbol[] | SymbolInformation[]>(
        session,
        'documentSymbol',
        [],
        (_params, { text }, cases) =>
          session.client.nestedSymbols
            ? caseSymbols(cases).map((symbol) => toSymbol(text, symbol))
            : toFlatSymbols(text, caseSymbols(cases)),
        other,
      ),
  };
}

function fixes(
  session: Session,
  { range, context }: CodeActionParams,
  { text, uri }: OpenDocument,
  cases: CasesDocument,
): CodeAction[] {
  const { start, end } = toSpan(text, range);
  if (context.only && !context.only.some((kind) => CodeActionKind.QuickFix.startsWith(kind))) return [];
  const touched = caseProblemsOf(session, uri, cases).filter(({ span }) => span.start <= end && start <= span.end);
  const shown = shownDiagnostics(text, context.diagnostics);
  const seen = new Set<string>();
  return touched.flatMap((problem) =>
    problem.fixes
      .filter(({ title, edits }) => seen.size < seen.add(JSON.stringify([title, edits])).size)
      .map(({ title, edits }) => ({
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [...shown(problem)],
        edit: toWorkspaceEdit(text, edits, session.client),
      })),
  );
}

/** What is wrong in a file of test cases, as diagnostics. */
export function caseDiagnostics(session: Session, { text, uri }: OpenDocument, cases: CasesDocument): Diagnostic[] {
  return caseProblemsOf(session, uri, cases).map(({ code, severity, span, message }) => ({
    range: toRange(text, span),
    severity: SEVERITY[severity],
    code,
    source: 'seccomp',
    message,
  }));
}

/** Lets a client find test cases and write new ones. */
export function serveTests(session: Session): void {
  const { connection } = session;
  connection.onRequest(
    DISCOVER_TESTS_REQUEST,
    safely<TestsFile, DiscoveredTests | null>(session, DISCOVER_TESTS_REQUEST, null, (file) =>
      discovered(session, file),
    ),
  );
  const create = served<CreateTestsParams & { readonly textDocument: { readonly uri: string } }, TestsFile | null>(
    session,
    CREATE_TESTS_REQUEST,
    null,
    (_params, { uri }, analysis) => ({ uri: testsPathOf(uri), text: createTests(analysis) }),
  );
  connection.onRequest(CREATE_TESTS_REQUEST, (params: CreateTestsParams) =>
    create({ ...params, textDocument: { uri: params?.uri } }),
  );
}

function discovered(session: Session, { uri, text }: TestsFile): DiscoveredTests | null {
  const path = pathOfUri(uri);
  if (path === undefined) return null;
  const open = session.documents.get(uri);
  const document = (open?.text.getText() === text && open.cases) || readCases(text);
  const errors = errorsOfCases(document, caseProblemsOf(session, uri, document));
  const lines = TextDocument.create(uri, '', 0, text);
  const ids = caseIds(document);
  return {
    profile: uriOfPath(profilePathOf(path, document.profile?.value)),
    cases: document.cases.map(({ name, span }, index) => {
      const error = errors[index]?.first.message;
      return {
        id: ids[index]!,
        name: name.value,
        range: toRange(lines, span),
        ...(error !== undefined && { error }),
      };
    }),
  };
}
