import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import {
  type ClientCapabilities,
  createMessageConnection,
  type Diagnostic,
  type InitializeResult,
  type MessageConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

/** Where the tests are run: the root of the project. */
export const root = process.cwd();

/** What the server is told of an editor that can do everything. */
export const MODERN: ClientCapabilities = {
  general: { positionEncodings: ['utf-16'] },
  window: { workDoneProgress: true, showDocument: { support: true } },
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    diagnostics: { refreshSupport: true },
    codeLens: { refreshSupport: true },
    workspaceEdit: { documentChanges: true },
  },
  textDocument: {
    diagnostic: { relatedDocumentSupport: false },
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } },
    completion: {
      completionItem: { snippetSupport: true, labelDetailsSupport: true },
      completionList: { itemDefaults: ['editRange', 'data'] },
    },
    codeAction: {
      isPreferredSupport: true,
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source'] } },
    },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
  },
};

/** One that only shows what is pushed to it. */
export const MINIMAL: ClientCapabilities = {};

/** An editor that talks with the built server, which runs as a process of its own. */
export interface Editor {
  readonly connection: MessageConnection;
  readonly process: ChildProcess;
  readonly initialized: InitializeResult;
  /** What the server has written to standard error. */
  readonly errors: () => string;
  /** What it has logged through the protocol. */
  readonly logged: readonly string[];
  /** Requests of the server to the editor, by method, as they came. */
  readonly asked: readonly string[];
  open(text: string, options?: { readonly uri?: string; readonly languageId?: string }): string;
  change(uri: string, version: number, changes: readonly unknown[]): void;
  request<R>(method: string, params: unknown): Promise<R>;
  notify(method: string, params?: unknown): void;
  /** The next diagnostics that are pushed for a document and satisfy `enough`; also looks at the last ones. */
  pushed(uri: string, enough?: (published: PublishDiagnosticsParams) => boolean): Promise<PublishDiagnosticsParams>;
  pull(uri: string): Promise<readonly Diagnostic[]>;
  /** Changes what `workspace/configuration` answers, and says so. */
  configure(settings: unknown): void;
  /** Waits until the server has asked for something. */
  askedFor(method: string): Promise<void>;
  /** Ends the conversation as the protocol says; yields the exit status. */
  close(): Promise<number | null>;
}

export interface EditorOptions {
  readonly capabilities?: ClientCapabilities;
  readonly settings?: unknown;
  readonly initializationOptions?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  /** The program, where it is not the one that was built. */
  readonly file?: string;
}

const living = new Set<ChildProcess>();

/** Ends servers that a failed test has left. */
export function killServers(): void {
  for (const child of living) child.kill('SIGKILL');
  living.clear();
}

/** Starts the built server and greets it. */
export async function startEditor(options: EditorOptions = {}): Promise<Editor> {
  const { file = path.join(root, 'dist/server.cjs') } = options;
  const env = { ...process.env, ...options.env };
  const child = spawn(process.execPath, [file, '--stdio'], { stdio: 'pipe', env });
  living.add(child);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const inbox = listen(connection, options.settings);
  connection.listen();
  const initialized = await connection.sendRequest<InitializeResult>('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: options.capabilities ?? MODERN,
    initializationOptions: options.initializationOptions,
  });
  await connection.sendNotification('initialized', {});
  return editor({ child, connection, initialized, inbox, errors: () => stderr });
}

type Waiting = () => void;

interface Inbox {
  settings: unknown;
  readonly published: Map<string, PublishDiagnosticsParams>;
  readonly logged: string[];
  readonly asked: string[];
  readonly waiting: Set<Waiting>;
}

/** Keeps what the server sends, and answers what it asks. */
function listen(connection: MessageConnection, settings: unknown): Inbox {
  const inbox: Inbox = { settings, published: new Map(), logged: [], asked: [], waiting: new Set() };
  const wake = (): void => {
    for (const look of [...inbox.waiting]) look();
  };
  connection.onNotification((method, params) => {
    const message = Array.isArray(params) ? params[0] : params;
    if (method === 'textDocument/publishDiagnostics') inbox.published.set(message.uri, message);
    if (method === 'window/logMessage') inbox.logged.push(message.message);
    wake();
  });
  connection.onRequest((method, params) => {
    inbox.asked.push(method);
    wake();
    const message = Array.isArray(params) ? params[0] : params;
    if (method === 'workspace/configuration') return message.items.map(() => inbox.settings ?? null);
    return method === 'window/showDocument' ? { success: true } : null;
  });
  return inbox;
}

/** Resolves with what `look` gives as soon as it gives something. */
function wait<T>(inbox: Inbox, look: () => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const again = (): void => {
      const found = look();
      if (found === undefined) return;
      inbox.waiting.delete(again);
      resolve(found);
    };
    inbox.waiting.add(again);
    again();
  });
}

interface Parts {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  readonly initialized: InitializeResult;
  readonly inbox: Inbox;
  readonly errors: () => string;
}

let opened = 0;

function editor({ child, connection, initialized, inbox, errors }: Parts): Editor {
  const notify = (method: string, params: unknown = {}): void => void connection.sendNotification(method, params);
  const request = <R>(method: string, params: unknown): Promise<R> => connection.sendRequest<R>(method, params);
  return {
    connection,
    process: child,
    initialized,
    errors,
    logged: inbox.logged,
    asked: inbox.asked,
    request,
    notify,
    open(text, { uri = `file:///work/profile-${++opened}.json`, languageId = 'seccomp' } = {}) {
      notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
      return uri;
    },
    change: (uri, version, contentChanges) =>
      notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges }),
    pushed: (uri, enough = () => true) =>
      wait(inbox, () => {
        const published = inbox.published.get(uri);
        return published && enough(published) ? published : undefined;
      }),
    async pull(uri) {
      const report = await request<{ items: Diagnostic[] }>('textDocument/diagnostic', { textDocument: { uri } });
      return report.items;
    },
    configure(settings) {
      inbox.settings = settings;
      notify('workspace/didChangeConfiguration', { settings: null });
    },
    askedFor: (method) => wait(inbox, () => (inbox.asked.includes(method) ? true : undefined)).then(() => undefined),
    async close() {
      await connection.sendRequest('shutdown');
      const exit = once(child, 'exit');
      void connection.sendNotification('exit');
      const [status] = await exit;
      living.delete(child);
      connection.dispose();
      return status as number | null;
    },
  };
}

export function example(name: string): string {
  return fs.readFileSync(path.join(root, 'examples', name), 'utf8');
}

/** The kinds of progress steps as they come, and when the first report has come. */
export function progressSteps(connection: MessageConnection): {
  readonly steps: readonly string[];
  readonly started: Promise<void>;
} {
  const steps: string[] = [];
  const started = new Promise<void>((resolve) => {
    connection.onNotification('$/progress', ({ value }) => {
      steps.push(value.kind);
      if (value.kind === 'report') resolve();
    });
  });
  return { steps, started };
}
