import type { Range, TextDocumentContentChangeEvent, TextDocumentsConfiguration } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CasesDocument } from '../cases/model.ts';
import { readCases } from '../cases/read.ts';
import { type Analysis, type AnalysisOptions, analyse } from '../checks/analyse.ts';
import { parseProfile } from '../profile/build.ts';
import { editProfile, isTakenOver } from '../profile/edit.ts';
import type { ProfileDocument } from '../profile/model.ts';
import { TESTS_LANGUAGE } from '../protocol.ts';
import { isSeccompProfile, isSeccompTests } from '../recognise.ts';

/** One version of an open document, with all that is computed for it. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  /** Different for every version of every document that was ever open. */
  readonly serial: number;
  readonly text: TextDocument;
  /** Documents of other kinds are served only where their content is a profile. */
  readonly isProfile: boolean;
  /** It was made of the version before it, at the cost of what changed. */
  readonly isContinued: boolean;
  /** The test cases in it, where it is a file of those. Parses at most once. */
  readonly cases: CasesDocument | undefined;
  /** The analysis for these options; kept while they are the same object. Parses at most once. */
  analysis(options: AnalysisOptions): Analysis;
}

/** What is known of a version, so that the next one can be made of it. */
interface Content {
  readonly text: TextDocument;
  readonly parsed: ProfileDocument | undefined;
  readonly last: { readonly options: AnalysisOptions; readonly analysis: Analysis } | undefined;
}

/**
 * Lets the document manager hold analysed documents: it makes one for each version, which ends with the version. `onError` is
 * told when a version could not be made of the one before it; it is then made of its text.
 */
export function documentsConfiguration(onError: (error: unknown) => void): TextDocumentsConfiguration<OpenDocument> {
  let serial = 0;
  const contents = new WeakMap<OpenDocument, () => Content>();
  const open = (content: Content): OpenDocument => {
    const { document, known } = openDocument(content, ++serial);
    contents.set(document, known);
    return document;
  };
  return {
    create: (uri, languageId, version, content) => {
      demandText(uri);
      demandText(content);
      return open(unknown(TextDocument.create(uri, languageId, version, content)));
    },
    update: (document, changes, version) => {
      for (const { text } of changes) demandText(text);
      let content = contents.get(document)?.() ?? unknown(document.text);
      for (const change of changes) content = changed(content, change, version, onError);
      return open(content);
    },
  };
}

/** Whoever works with a document later, behind a timer too, may rely on its address and its text. */
function demandText(text: unknown): void {
  if (typeof text !== 'string') throw new Error('A document has no address or no text');
}

function unknown(text: TextDocument): Content {
  return { text, parsed: undefined, last: undefined };
}

/** A text document is changed in place: what stands for the version before it ends here. */
function changed(
  { text, parsed, last }: Content,
  change: TextDocumentContentChangeEvent,
  version: number,
  onError: (error: unknown) => void,
): Content {
  const span = 'range' in change ? offsetsOf(text, change.range) : undefined;
  const next = TextDocument.update(text, [change], version);
  if (!parsed || !span) return unknown(next);
  try {
    const edited = editProfile(parsed, next.getText(), { ...span, length: change.text.length });
    if (!edited) return unknown(next);
    const analysis = last && { ...last, analysis: last.analysis.after(edited) };
    return { text: next, parsed: edited.document, last: analysis };
  } catch (error) {
    onError(error);
    return unknown(next);
  }
}

/** As `TextDocument.update` takes a range: its ends in either order. */
function offsetsOf(text: TextDocument, { start, end }: Range): { readonly start: number; readonly end: number } {
  const [a, b] = [text.offsetAt(start), text.offsetAt(end)];
  return { start: Math.min(a, b), end: Math.max(a, b) };
}

function openDocument(
  { text, parsed: parsedBefore, last: lastBefore }: Content,
  serial: number,
): { readonly document: OpenDocument; readonly known: () => Content } {
  let parsed = parsedBefore;
  let last = lastBefore;
  // asked of each version, since any word may be the one that tells: a look at the start of the text
  const served = lazy(() => isServed(text));
  const cases = lazy(() => (isTests(text) ? readCases(text.getText()) : undefined));
  const document: OpenDocument = {
    uri: text.uri,
    version: text.version,
    serial,
    text,
    isContinued: parsedBefore !== undefined,
    get isProfile() {
      return served();
    },
    get cases() {
      return cases();
    },
    analysis(options) {
      // one that was taken over by a later version can only be made anew
      if (!parsed || isTakenOver(parsed)) {
        parsed = parseProfile(text.getText());
        last = undefined;
      }
      if (last?.options !== options) last = { options, analysis: analyse(parsed, options) };
      return last.analysis;
    },
  };
  return { document, known: () => ({ text, parsed, last }) };
}

function isServed(text: TextDocument): boolean {
  const { languageId } = text;
  return (
    languageId === 'seccomp' || ((languageId === 'json' || languageId === 'jsonc') && isSeccompProfile(text.getText()))
  );
}

function isTests(text: TextDocument): boolean {
  const { languageId, uri } = text;
  if (languageId === TESTS_LANGUAGE) return true;
  return (languageId === 'json' || languageId === 'jsonc') && isSeccompTests(uri, text.getText());
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
