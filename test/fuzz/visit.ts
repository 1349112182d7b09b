import type { CodeAction, CodeLens, CompletionList, Position, Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Random } from '../differential/random.ts';
import { type Asked, JUDGES, type Judge, type Lines, linesIn } from './answers.ts';
import { Defect } from './defect.ts';
import { type Language, type Subject, URI } from './subject.ts';

const textDocument = { uri: URI };

/** Asks the server about the open text and judges the answers. Throws the first defect. */
export class Visitor {
  private readonly subject: Subject;
  private readonly language: Language;
  private readonly document: TextDocument;
  private readonly lines: Lines;
  requests = 0;

  constructor(subject: Subject, text: string, language: Language) {
    this.subject = subject;
    this.language = language;
    this.document = TextDocument.create(URI, 'seccomp', 1, text);
    this.lines = linesIn(text);
  }

  async ask(
    what: keyof typeof JUDGES,
    params: object,
    position: Position = { line: 0, character: 0 },
  ): Promise<unknown> {
    this.requests++;
    const asked: Asked = { position };
    const answer = await this.subject.call(what, params);
    const judge = JUDGES[what] as Judge<unknown>;
    const problems = [...this.subject.complaints(), ...judge(answer, this.lines, asked)];
    if (problems.length > 0)
      throw new Defect(`${what} ${JSON.stringify(params).slice(0, 200)}: ${problems.join('; ')}`);
    return answer;
  }

  /** Every question about the whole document. */
  async whole(): Promise<void> {
    const { document } = this;
    const all: Range = { start: { line: 0, character: 0 }, end: document.positionAt(document.getText().length) };
    const { items } = (await this.ask('diagnostics', { textDocument })) as { items: unknown[] };
    const actions = await this.ask('codeAction', { textDocument, range: all, context: { diagnostics: items } });
    for (const action of actions as CodeAction[]) if (action.data) await this.ask('codeActionResolve', action);
    await this.ask('documentSymbol', { textDocument });
    await this.ask('foldingRanges', { textDocument });
    const options = { tabSize: 2, insertSpaces: true, insertFinalNewline: true };
    await this.ask('documentFormatting', { textDocument, options });
    await this.ask('inlayHint', { textDocument, range: all });
    const lenses = (await this.ask('codeLens', { textDocument })) as CodeLens[];
    for (const lens of lenses.slice(0, 20)) await this.ask('codeLensResolve', lens);
    await this.ask('seccomp/discoverTests', { uri: URI, text: document.getText() });
    if (this.language === 'seccomp-tests') return;
    await this.ask('seccomp/createTests', { uri: URI });
    await this.ask('seccomp/policyTable', { uri: URI });
    for (const call of CALLS) await this.ask('seccomp/explain', { uri: URI, call });
    const after = { kind: 'document', uri: URI, label: 'a [x](command:evil) `|' };
    await this.ask('seccomp/compare', { before: { kind: 'default', engine: 'docker' }, after });
  }

  /** Every question about a place. */
  async place(offset: number, random: Random): Promise<void> {
    const position = this.document.positionAt(offset);
    const other = this.document.positionAt(random.below(this.document.getText().length + 1));
    const range = before(position, other) ? { start: position, end: other } : { start: other, end: position };
    await this.ask('hover', { textDocument, position }, position);
    const list = (await this.ask('completion', { textDocument, position }, position)) as CompletionList | null;
    const item = list?.items.length ? random.pick(list.items) : undefined;
    if (item) await this.ask('completionResolve', { ...item, data: list?.itemDefaults?.data });
    await this.ask('selectionRanges', { textDocument, positions: [position] }, position);
    const here = { start: position, end: position };
    await this.ask('codeAction', { textDocument, range: here, context: { diagnostics: [] } });
    if (!random.chance(0.1)) return;
    await this.ask('codeAction', { textDocument, range, context: { diagnostics: [], only: ['refactor'] } });
    await this.ask('inlayHint', { textDocument, range });
    await this.ask('documentRangeFormatting', { textDocument, range, options: { tabSize: 3, insertSpaces: false } });
  }
}

const before = (a: Position, b: Position): boolean =>
  a.line < b.line || (a.line === b.line && a.character <= b.character);

const CALLS = ['mkdir', 'clone(CLONE_NEWUSER|0x4)', '__proto__', 'socket(AF_VSOCK, 1e999, -0)', 'toString(', ''];

/** Opens a text, asks everything about it and something about `places` of it, and closes it. Gives the number of requests. */
export async function visit(
  subject: Subject,
  text: string,
  places: Iterable<number>,
  random: Random,
  language: Language = 'seccomp',
): Promise<number> {
  subject.open(text, language);
  try {
    const visitor = new Visitor(subject, text, language);
    await visitor.whole();
    for (const offset of places) await visitor.place(offset, random);
    return visitor.requests;
  } finally {
    subject.close();
  }
}
