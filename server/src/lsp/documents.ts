import type { TextDocumentsConfiguration } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CasesDocument } from '../cases/model.ts';
import { readCases } from '../cases/read.ts';
import { type Analysis, type AnalysisOptions, analyse } from '../checks/analyse.ts';
import { parseProfile } from '../profile/build.ts';
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
  /** The test cases in it, where it is a file of those. Parses at most once. */
  readonly cases: CasesDocument | undefined;
  /** The analysis for these options; kept while they are the same object. Parses at most once. */
  analysis(options: AnalysisOptions): Analysis;
}

/** Lets the document manager hold analysed documents: it makes one for each version, which ends with the version. */
export function documentsConfiguration(): TextDocumentsConfiguration<OpenDocument> {
  let serial = 0;
  return {
    create: (uri, languageId, version, content) =>
      openDocument(TextDocument.create(uri, languageId, version, content), ++serial),
    update: ({ text }, changes, version) => openDocument(TextDocument.update(text, changes, version), ++serial),
  };
}

function openDocument(text: TextDocument, serial: number): OpenDocument {
  const parsed = lazy(() => parseProfile(text.getText()));
  const recognised = lazy(() => isServed(text));
  const cases = lazy(() => (isTests(text) ? readCases(text.getText()) : undefined));
  let last: { readonly options: AnalysisOptions; readonly analysis: Analysis } | undefined;
  return {
    uri: text.uri,
    version: text.version,
    serial,
    text,
    get isProfile() {
      return recognised();
    },
    get cases() {
      return cases();
    },
    analysis(options) {
      if (last?.options !== options) last = { options, analysis: analyse(parsed(), options) };
      return last.analysis;
    },
  };
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
