import type {
  CodeAction,
  CodeLens,
  Diagnostic,
  DocumentSymbol,
  FoldingRange,
  InlayHint,
  MarkupContent,
  Range,
  SelectionRange,
  SymbolInformation,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Reported } from '../checks/analyse.ts';
import type { Edit, Severity } from '../checks/check.ts';
import type { CodeActionItem, Later } from '../features/actions.ts';
import type { InlayHint as Hint } from '../features/inlay.ts';
import type { Lens } from '../features/lens.ts';
import type { OutlineSymbol } from '../features/symbols.ts';
import { DOCUMENTATION_COMMAND } from '../protocol.ts';
import type { Span } from '../syntax/tree.ts';
import type { ClientFeatures } from './client-features.ts';
import { Command, DiagnosticSeverity, DiagnosticTag, InlayHintKind, MarkupKind, SymbolKind } from './values.ts';

/** The server counts in UTF-16 code units, as the protocol does by default. */
export function toRange(text: TextDocument, { start, end }: Span): Range {
  return { start: text.positionAt(start), end: text.positionAt(end) };
}

/** Positions outside of the text count as its nearest end. */
export function toSpan(text: TextDocument, { start, end }: Range): Span {
  return { start: text.offsetAt(start), end: text.offsetAt(end) };
}

/** Markdown, for clients that show it. */
export function toMarkup(value: string, { markdown }: ClientFeatures): MarkupContent {
  return { kind: markdown ? MarkupKind.Markdown : MarkupKind.PlainText, value };
}

export function toTextEdits(text: TextDocument, edits: readonly Edit[]): TextEdit[] {
  return edits.map((edit) => ({ range: toRange(text, edit), newText: edit.text }));
}

export function toWorkspaceEdit(text: TextDocument, edits: readonly Edit[], client: ClientFeatures): WorkspaceEdit {
  const { uri, version } = text;
  if (!client.documentChanges) return { changes: { [uri]: toTextEdits(text, edits) } };
  return { documentChanges: [{ textDocument: { uri, version }, edits: toTextEdits(text, edits) }] };
}

export const SEVERITY: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const TAG = { unnecessary: DiagnosticTag.Unnecessary, deprecated: DiagnosticTag.Deprecated };

/** `link` gives the address of a diagnostic's page, where there is one. */
export function toDiagnostic(
  text: TextDocument,
  { check, span, message, severity, tag, related = [] }: Reported,
  client: ClientFeatures,
  link: (code: string) => string | undefined,
): Diagnostic {
  const href = client.codeDescription ? link(check.code) : undefined;
  return {
    range: toRange(text, span),
    severity: SEVERITY[severity],
    code: check.code,
    source: 'seccomp',
    message,
    ...(href && { codeDescription: { href } }),
    ...(tag && client.diagnosticTags && { tags: [TAG[tag]] }),
    ...(related.length > 0 &&
      client.relatedInformation && {
        relatedInformation: related.map((each) => ({
          location: { uri: text.uri, range: toRange(text, each.span) },
          message: each.message,
        })),
      }),
  };
}

/** The diagnostics that a client shows, by their code and place. There may be many, and as many actions that ask. */
export function shownDiagnostics(text: TextDocument, diagnostics: readonly Diagnostic[]): ShownDiagnostics {
  const keyOf = (code: unknown, { start, end }: Span): string => `${code} ${start} ${end}`;
  const shown = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const key = keyOf(diagnostic.code, toSpan(text, diagnostic.range));
    const others = shown.get(key);
    if (others) others.push(diagnostic);
    else shown.set(key, [diagnostic]);
  }
  return ({ code, span }) => shown.get(keyOf(code, span)) ?? [];
}

export type ShownDiagnostics = (found: { readonly code: string; readonly span: Span }) => readonly Diagnostic[];

/** `shown` are the diagnostics that the client asks about; an action names those that it mends. */
export function toCodeAction(
  text: TextDocument,
  { title, kind, edits, later, preferred, finding, documentation }: CodeActionItem,
  client: ClientFeatures,
  shown: ShownDiagnostics,
): CodeAction {
  const mended = finding ? shown(finding) : [];
  return {
    title,
    kind,
    ...(mended.length > 0 && { diagnostics: [...mended] }),
    ...(preferred && client.preferredActions && { isPreferred: true }),
    ...(documentation
      ? { command: Command.create(title, DOCUMENTATION_COMMAND, documentation) }
      : later
        ? { data: { uri: text.uri, later } satisfies ActionData }
        : { edit: toWorkspaceEdit(text, edits, client) }),
  };
}

/** What an action without its edits carries to `codeAction/resolve`. */
export interface ActionData {
  readonly uri: string;
  readonly later: Later;
}

/** The data that `toCodeAction` put into an action; undefined for what is none of ours. */
export function actionData({ data }: CodeAction): ActionData | undefined {
  const candidate: Partial<ActionData> | undefined = typeof data === 'object' && data !== null ? data : undefined;
  const of: unknown = candidate?.later?.of;
  return typeof candidate?.uri === 'string' && candidate.later && (of === 'all' || of === 'check' || of === 'names')
    ? { uri: candidate.uri, later: candidate.later }
    : undefined;
}

export function toCodeLens(text: TextDocument, lens: Lens): CodeLens {
  const command = Command.create(lens.title, lens.command, ...lens.arguments);
  return { range: toRange(text, lens.span), command };
}

export function toInlayHint(text: TextDocument, { offset, label, kind, tooltip }: Hint): InlayHint {
  return {
    position: text.positionAt(offset),
    label,
    kind: kind === 'argument' ? InlayHintKind.Parameter : InlayHintKind.Type,
    ...(tooltip && { tooltip }),
    paddingLeft: true,
  };
}

const SYMBOL: Readonly<Record<OutlineSymbol['kind'], SymbolKind>> = {
  setting: SymbolKind.Property,
  list: SymbolKind.Array,
  rule: SymbolKind.Function,
  architecture: SymbolKind.Module,
};

export function toSymbol(text: TextDocument, symbol: OutlineSymbol): DocumentSymbol {
  const { name, detail, kind, span, selection, children } = symbol;
  return {
    name,
    detail,
    kind: SYMBOL[kind],
    range: toRange(text, span),
    selectionRange: toRange(text, selection),
    children: children.map((child) => toSymbol(text, child)),
  };
}

/** For clients that take no nesting. */
export function toFlatSymbols(text: TextDocument, symbols: readonly OutlineSymbol[], within = ''): SymbolInformation[] {
  return symbols.flatMap(({ name, kind, span, children }) => [
    {
      name,
      kind: SYMBOL[kind],
      location: { uri: text.uri, range: toRange(text, span) },
      ...(within && { containerName: within }),
    },
    ...toFlatSymbols(text, children, name),
  ]);
}

export function toFoldingRange(text: TextDocument, { start, end }: Span): FoldingRange {
  return { startLine: text.positionAt(start).line, endLine: text.positionAt(end).line };
}

/** Nests pieces of text, given from the smallest to the largest, as parents of each other. */
export function toSelectionRange(text: TextDocument, spans: readonly Span[]): SelectionRange {
  const nested = spans.reduceRight<SelectionRange | undefined>(
    (parent, span) => ({ range: toRange(text, span), ...(parent && { parent }) }),
    undefined,
  );
  return nested ?? { range: toRange(text, { start: 0, end: 0 }) };
}
