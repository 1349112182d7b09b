import type { Connection, Diagnostic } from 'vscode-languageserver';
import { costMeter } from './costs.ts';
import type { OpenDocument } from './documents.ts';

/** Runs something later; the result calls it off. */
export type Defer = (milliseconds: number, run: () => void) => () => void;

/** Sends diagnostics to clients that do not ask for them, once for the last of several changes in a row. */
export interface PushDiagnostics {
  /** A document was opened or changed. */
  changed(document: OpenDocument): void;
  closed(document: OpenDocument): void;
}

/** `current` gives the version of a document that is open now. */
export function pushDiagnostics(
  connection: Connection,
  defer: Defer,
  current: (uri: string) => OpenDocument | undefined,
  diagnose: (document: OpenDocument) => Diagnostic[],
): PushDiagnostics {
  const waiting = new Map<string, () => void>();
  const costs = costMeter();
  const shown = new Set<string>();
  const send = (uri: string, version: number | undefined, diagnostics: Diagnostic[]): void => {
    if (diagnostics.length === 0 && !shown.delete(uri) && version === undefined) return;
    if (diagnostics.length > 0) shown.add(uri);
    void connection.sendDiagnostics({ uri, ...(version !== undefined && { version }), diagnostics });
  };
  const publish = (uri: string): void => {
    waiting.delete(uri);
    const document = current(uri);
    if (!document || !(document.isProfile || document.cases || shown.has(uri))) return;
    send(
      uri,
      document.version,
      costs.measure(document, () => diagnose(document)),
    );
  };
  return {
    changed(document) {
      const { uri } = document;
      waiting.get(uri)?.();
      waiting.set(
        uri,
        defer(costs.waitFor(document), () => publish(uri)),
      );
    },
    closed({ uri }) {
      waiting.get(uri)?.();
      waiting.delete(uri);
      costs.forget(uri);
      send(uri, undefined, []);
    },
  };
}
