import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { OpenDocument } from './documents.ts';

/** Runs something later; the result calls it off. */
export type Defer = (milliseconds: number, run: () => void) => () => void;

/** No one should wait longer than this for a change to show. */
const LONGEST_WAIT_MS = 500;

/** Pauses between changes for as long as the last computation took, several times over: small files wait for nothing. */
const WAIT_BY_COST = 3;

/** How long to wait after a change of a document whose last diagnostics took `costMs`. */
export function waitFor(costMs: number): number {
  return costMs < 5 ? 0 : Math.min(LONGEST_WAIT_MS, costMs * WAIT_BY_COST);
}

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
  const costs = new Map<string, number>();
  const shown = new Set<string>();
  const send = (uri: string, version: number | undefined, diagnostics: Diagnostic[]): void => {
    if (diagnostics.length === 0 && !shown.delete(uri) && version === undefined) return;
    if (diagnostics.length > 0) shown.add(uri);
    void connection.sendDiagnostics({ uri, ...(version !== undefined && { version }), diagnostics });
  };
  const publish = (uri: string): void => {
    waiting.delete(uri);
    const document = current(uri);
    if (!document || (!document.isProfile && !shown.has(uri))) return;
    const from = Date.now();
    const diagnostics = diagnose(document);
    costs.set(uri, Date.now() - from);
    send(uri, document.version, diagnostics);
  };
  return {
    changed({ uri }) {
      waiting.get(uri)?.();
      waiting.set(
        uri,
        defer(waitFor(costs.get(uri) ?? 0), () => publish(uri)),
      );
    },
    closed({ uri }) {
      waiting.get(uri)?.();
      waiting.delete(uri);
      costs.delete(uri);
      send(uri, undefined, []);
    },
  };
}
