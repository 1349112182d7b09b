import type { Connection } from 'vscode-languageserver';
import { serveRarely } from '../../server/src/lsp/serve-rarely.ts';
import { startServer } from '../../server/src/lsp/server.ts';

type Handler = (...parameters: unknown[]) => unknown;

/** The server in this process, behind a connection that calls its handlers directly: nothing is caught on the way. */
export interface Subject {
  /** Calls the handler of a request or notification: `hover`, `codeLensResolve`, `seccomp/explain`, `didOpenTextDocument`. */
  call(what: string, params: unknown): Promise<unknown>;
  open(text: string, language?: Language): void;
  /** Changes the open document: whole texts or ranges, as the protocol has them. */
  change(changes: readonly unknown[]): void;
  close(): void;
  /** What the server has logged since the last look; in this server every entry is a defect. */
  complaints(): readonly string[];
}

/** Profiles, files of test cases, and JSON that is recognised by its content. */
export type Language = 'seccomp' | 'seccomp-tests' | 'json';

export const URI = 'file:///fuzz/profile.json';

const CAPABILITIES = {
  textDocument: {
    diagnostic: {},
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } },
    completion: {
      completionItem: { snippetSupport: true, labelDetailsSupport: true },
      completionList: { itemDefaults: ['editRange', 'data'] },
    },
    codeAction: {
      isPreferredSupport: true,
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: [] } },
    },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    hover: { contentFormat: ['markdown'] },
  },
};

/** Starts the server as an editor that can do everything sees it. */
export async function startSubject(): Promise<Subject> {
  const handlers = new Map<string, Handler>();
  const complaints: string[] = [];
  startServer(connectionTo(handlers, complaints), {
    version: '0',
    documentation: 'https://example.org/{code}',
    extend: (session) => {
      serveRarely(session);
      return { commands: {}, lenses: () => [] };
    },
    defer: (_milliseconds, run) => {
      queueMicrotask(run);
      return () => {};
    },
  });
  const call = async (what: string, params: unknown): Promise<unknown> => {
    const handler = handlers.get(what);
    if (!handler) throw new Error(`The server has no handler for ${what}; there are ${[...handlers.keys()].join(' ')}`);
    return handler(params, { isCancellationRequested: false });
  };
  await call('initialize', { capabilities: CAPABILITIES, initializationOptions: { clientCommands: true } });
  await call('initialized', {});
  let version = 0;
  const notify = (what: string, params: unknown): void => void handlers.get(what)?.(params);
  return {
    call,
    open: (text, languageId = 'seccomp') =>
      notify('didOpenTextDocument', {
        textDocument: { uri: URI, languageId, version: ++version, text },
      }),
    change: (contentChanges) =>
      notify('didChangeTextDocument', { textDocument: { uri: URI, version: ++version }, contentChanges }),
    close: () => notify('didCloseTextDocument', { textDocument: { uri: URI } }),
    complaints: () => complaints.splice(0),
  };
}

/** Keeps what is registered with `onHover(...)`, `onRequest(method, ...)` and `languages.inlayHint.on(...)` by name. */
function connectionTo(handlers: Map<string, Handler>, complaints: string[]): Connection {
  const register = (name: string) => (first: unknown, second?: Handler) => {
    const named = typeof first === 'string' ? first : nameOf(first);
    if (second && named !== undefined) handlers.set(named, second);
    else handlers.set(name, first as Handler);
    return { dispose: () => {} };
  };
  const quiet = async (): Promise<null> => null;
  const languages = new Proxy({}, { get: (_target, name) => ({ on: register(String(name)) }) });
  const members: Record<string, unknown> = {
    languages,
    console: { error: (message: string) => void complaints.push(message) },
    listen: () => {},
    sendDiagnostics: quiet,
    sendNotification: quiet,
    sendRequest: quiet,
  };
  // typed as what it stands in for: only the members above and the `on…` ones are used by the server
  return new Proxy(members, {
    get: (target, name) => {
      const text = String(name);
      if (text in target) return target[text];
      return /^on[A-Z]/.test(text) ? register(text[2]!.toLowerCase() + text.slice(3)) : undefined;
    },
  }) as unknown as Connection;
}

function nameOf(type: unknown): string | undefined {
  return typeof type === 'object' && type !== null && 'method' in type ? String(type.method) : undefined;
}
