import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  CompletionList,
  Diagnostic,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  MarkupContent,
  Position,
  Range,
  SelectionRange,
  TextEdit,
} from 'vscode-languageserver';

import { problemsIn } from './case-files.ts';

/** What a text allows: positions are compared with its real lines. */
export interface Lines {
  readonly lengths: readonly number[];
  readonly text: string;
}

export function linesIn(text: string): Lines {
  return { text, lengths: text.split(/\r\n|\r|\n/).map((line) => line.length) };
}

/** Says what is wrong with an answer; nothing for a good one. */
export type Judge<T> = (answer: T, lines: Lines, asked: Asked) => Iterable<string>;

/** Where a question was asked, as far as the answer has to fit it. */
export interface Asked {
  readonly position: Position;
}

const before = (a: Position, b: Position): boolean =>
  a.line < b.line || (a.line === b.line && a.character <= b.character);

const contains = (outer: Range, inner: Range): boolean =>
  before(outer.start, inner.start) && before(inner.end, outer.end);

const show = ({ start, end }: Range): string => `${start.line}:${start.character}-${end.line}:${end.character}`;

function* badPosition({ line, character }: Position, { lengths }: Lines, what: string): Iterable<string> {
  const length = lengths[line];
  const whole = Number.isInteger(line) && Number.isInteger(character);
  if (!whole || length === undefined || character < 0 || character > length)
    yield `${what}: ${line}:${character} is outside of the document`;
}

function* badRange(range: Range, lines: Lines, what: string): Iterable<string> {
  yield* badPosition(range.start, lines, what);
  yield* badPosition(range.end, lines, what);
  if (!before(range.start, range.end)) yield `${what}: ${show(range)} ends before it starts`;
}

/** Edits of one answer: in the document, none touching another's text, no two insertions at one place. */
export function* badEdits(edits: readonly TextEdit[], lines: Lines, what: string): Iterable<string> {
  for (const { range } of edits) yield* badRange(range, lines, what);
  const ordered = edits
    .map(({ range }) => range)
    .sort(
      (a, b) => a.start.line - b.start.line || a.start.character - b.start.character || (before(a.end, b.end) ? -1 : 1),
    );
  for (const [i, range] of ordered.entries()) {
    const next = ordered[i + 1];
    if (!next) continue;
    if (!before(range.end, next.start)) yield `${what}: edits ${show(range)} and ${show(next)} overlap`;
    else if (show(range) === show(next)) yield `${what}: two edits at ${show(range)}`;
  }
}

const diagnostics: Judge<{ readonly items: readonly Diagnostic[] }> = function* ({ items }, lines) {
  const seen = new Set<string>();
  for (const { range, message, code, severity, relatedInformation = [] } of items) {
    yield* badRange(range, lines, `diagnostic ${code}`);
    if (String(message).trim() === '') yield `diagnostic ${code} has no message`;
    if (/\bundefined\b|\[object |\bNaN\b/.test(String(message)) && !/undefined|NaN|\[object /.test(lines.text))
      yield `diagnostic ${code} says "${message}"`;
    if (severity === undefined || severity < 1 || severity > 4) yield `diagnostic ${code} has severity ${severity}`;
    for (const { location } of relatedInformation) yield* badRange(location.range, lines, `related to ${code}`);
    const key = `${code} at ${show(range)}: ${message}`;
    if (seen.has(key)) yield `diagnostic twice: ${key}`;
    seen.add(key);
  }
};

const hover: Judge<Hover | null> = function* (answer, lines, { position }) {
  if (!answer) return;
  const range = answer.range!;
  yield* badRange(range, lines, 'hover');
  if (!contains(range, { start: position, end: position })) yield 'hover: its range is not under the cursor';
  yield* badMarkdown((answer.contents as MarkupContent).value, lines, 'hover');
};

const completion: Judge<CompletionList | null> = function* (answer, lines, { position }) {
  if (!answer) return;
  const range = answer.itemDefaults?.editRange as Range;
  yield* badRange(range, lines, 'completion');
  if (range.start.line !== range.end.line) yield 'completion: its range has more than one line';
  if (!contains(range, { start: position, end: position })) yield `completion: ${show(range)} is not around the cursor`;
  const labels = new Set<string>();
  for (const { label, additionalTextEdits = [] } of answer.items) {
    if (label === '') yield 'completion: an item without label';
    if (labels.has(label)) yield `completion: ${label} twice`;
    labels.add(label);
    yield* badEdits([...additionalTextEdits, { range, newText: '' }], lines, `completion ${label}`);
  }
};

const symbols: Judge<readonly DocumentSymbol[]> = function* (answer, lines) {
  for (const { name, range, selectionRange, children = [] } of answer) {
    if (name.trim() === '') yield 'symbol without name';
    yield* badRange(range, lines, `symbol ${name}`);
    yield* badRange(selectionRange, lines, `symbol ${name}`);
    if (!contains(range, selectionRange)) yield `symbol ${name}: what is selected lies outside`;
    for (const child of children)
      if (!contains(range, child.range)) yield `symbol ${child.name} lies outside of ${name}`;
    yield* symbols(children, lines, { position: range.start });
  }
};

const folding: Judge<readonly FoldingRange[]> = function* (answer, { lengths }) {
  for (const { startLine, endLine } of answer)
    if (startLine < 0 || endLine <= startLine || endLine >= lengths.length) yield `folding ${startLine}-${endLine}`;
};

const selection: Judge<readonly SelectionRange[] | null> = function* (answer, lines, { position }) {
  if (answer?.length !== 1) yield 'selection: not one answer for one position';
  for (let each = answer?.[0]; each; each = each.parent) {
    yield* badRange(each.range, lines, 'selection');
    if (!contains(each.range, { start: position, end: position })) yield 'selection: not around the cursor';
    if (each.parent && (!contains(each.parent.range, each.range) || show(each.parent.range) === show(each.range)))
      yield 'selection: a parent that is not larger';
  }
};

const edits: Judge<readonly TextEdit[]> = (answer, lines) => badEdits(answer, lines, 'formatting');

const lenses: Judge<readonly CodeLens[]> = function* (answer, lines) {
  for (const { range, command, data } of answer) {
    yield* badRange(range, lines, 'lens');
    if (command ? command.title === '' : data === undefined) yield 'lens without title or data';
  }
};

const resolvedLens: Judge<CodeLens> = function* ({ command }) {
  if (!command) yield 'lens without command';
};

const resolvedItem: Judge<CompletionItem> = function* ({ documentation }, lines) {
  const { value = '' } = (documentation ?? {}) as Partial<MarkupContent>;
  yield* badMarkdown(value, lines, 'completion');
};

const hints: Judge<readonly InlayHint[]> = function* (answer, lines) {
  for (const { position, label } of answer) {
    yield* badPosition(position, lines, 'inlay hint');
    if (label.length === 0) yield 'inlay hint without label';
  }
};

const actions: Judge<readonly CodeAction[]> = function* (answer, lines, asked) {
  const seen = new Set<string>();
  for (const action of answer) {
    const { title, kind, edit, command, data } = action;
    if (title.trim() === '') yield 'action without title';
    if (!data) yield* resolvedAction(action, lines, asked);
    const key = JSON.stringify([title, kind, edit, command, data]);
    if (seen.has(key)) yield `action ${title} twice`;
    seen.add(key);
  }
};

const resolvedAction: Judge<CodeAction> = function* ({ title, edit, command }, lines) {
  if (!edit && !command) yield `action ${title} does nothing`;
  for (const list of Object.values(edit?.changes ?? {})) yield* badEdits(list, lines, `action ${title}`);
};

interface Placed {
  readonly range?: Range;
}

const placed: Judge<Placed> = function* ({ range }, lines) {
  if (range) yield* badRange(range, lines, 'explain');
};

const table: Judge<{ readonly rows: readonly Placed[] } | null> = function* (answer, lines) {
  for (const { range } of answer?.rows ?? []) if (range) yield* badRange(range, lines, 'table');
};

const report: Judge<{ readonly markdown?: string }> = (answer, lines) =>
  badMarkdown(answer.markdown ?? '', lines, 'report');

const discovered: Judge<{ readonly cases: readonly { readonly id: string; readonly range: Range }[] } | null> =
  function* (answer, lines) {
    const ids = new Set<string>();
    for (const { id, range } of answer?.cases ?? []) {
      yield* badRange(range, lines, 'test case');
      if (ids.has(id)) yield `two test cases with the id ${id}`;
      ids.add(id);
    }
  };

const created: Judge<{ readonly text: string } | null> = function* (answer) {
  for (const { message } of answer ? problemsIn(answer.text) : []) yield `test cases that are written: ${message}`;
};

/** A link or an element of the file that came through, code left aside. */
function* badMarkdown(markdown: string, { text }: Lines, what: string): Iterable<string> {
  const active = markdown.replaceAll(/(`+)[^`].*?\1/g, '').replaceAll(/\\[^a-z]/g, '');
  if (text.includes('command:evil') && /\]\(command:evil/.test(active))
    yield `${what}: a link of the file came through`;
  if (text.includes('<img') && /<img/.test(active)) yield `${what}: an element of the file came through`;
}

/** Judges by request, as `Subject.call` names them. */
export const JUDGES = {
  diagnostics,
  hover,
  completion,
  documentSymbol: symbols,
  foldingRanges: folding,
  selectionRanges: selection,
  documentFormatting: edits,
  documentRangeFormatting: edits,
  codeLens: lenses,
  codeLensResolve: resolvedLens,
  inlayHint: hints,
  codeAction: actions,
  codeActionResolve: resolvedAction,
  completionResolve: resolvedItem,
  'seccomp/discoverTests': discovered,
  'seccomp/createTests': created,
  'seccomp/explain': placed,
  'seccomp/policyTable': table,
  'seccomp/compare': report,
} as const;
