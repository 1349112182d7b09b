import type { TextDocumentIdentifier } from 'vscode-languageserver';
import type { CasesDocument } from '../cases/model.ts';
import type { Analysis } from '../checks/analyse.ts';
import type { OpenDocument } from './documents.ts';
import type { Session } from './session.ts';

/** Every handler goes through here: one that fails is logged and answers `none`. */
export function safely<P, R>({ log }: Session, what: string, none: R, run: (params: P) => R): (params: P) => R {
  return (params) => {
    try {
      return run(params);
    } catch (error) {
      log(what, error);
      return none;
    }
  };
}

/** A handler about a profile: documents that are not open, or are something else, get `none`. */
export function served<P extends { readonly textDocument: TextDocumentIdentifier }, R>(
  session: Session,
  what: string,
  none: R,
  run: (params: P, document: OpenDocument, analysis: Analysis) => R,
): (params: P) => R {
  return safely(session, what, none, (params) => {
    const document = session.documents.get(params.textDocument.uri);
    return document?.isProfile ? run(params, document, session.analysis(document)) : none;
  });
}

/** A handler for files of test cases beside one for profiles. */
export function orCases<P extends { readonly textDocument: TextDocumentIdentifier }, R>(
  session: Session,
  what: string,
  none: R,
  ofCases: (params: P, document: OpenDocument, cases: CasesDocument) => R,
  ofProfile: (params: P) => R,
): (params: P) => R {
  const handler = safely<P, R | undefined>(session, what, none, (params) => {
    const document = session.documents.get(params.textDocument.uri);
    return document?.cases ? ofCases(params, document, document.cases) : undefined;
  });
  return (params) => handler(params) ?? ofProfile(params);
}
