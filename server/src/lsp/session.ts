import type { Connection, Diagnostic, InitializeParams, InitializeResult } from 'vscode-languageserver';
import type { Analysis, AnalysisOptions } from '../checks/analyse.ts';
import type { Lens } from '../features/lens.ts';
import { DOCUMENTATION_COMMAND, type InitializationOptions, TRUST_NOTIFICATION } from '../protocol.ts';
import { readSettings, type Settings } from '../settings.ts';
import { serverCapabilities } from './capabilities.ts';
import { type ClientFeatures, clientFeatures } from './client-features.ts';
import { documentsConfiguration, type OpenDocument } from './documents.ts';
import type { Defer } from './push-diagnostics.ts';
import {
  CodeLensRefreshRequest,
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  InlayHintRefreshRequest,
  TextDocuments,
} from './values.ts';

/** What differs between the places where the server runs. */
export interface Host {
  readonly version: string;
  readonly defer: Defer;
  /** Where the pages of diagnostics are, with `{code}` in it; absent where there are none. */
  readonly documentation?: string | undefined;
  /** Whether there is a file at an address; undefined where that cannot be told. */
  readonly exists?: (uri: string) => boolean | undefined;
  /** Is called when the server has warmed up in idle time; absent where it should not. */
  readonly settled?: () => void;
  /** Adds what only this host can do. */
  readonly extend?: (session: Session) => HostExtension;
}

/** What a host adds. It registers its own requests; this is beyond them. */
export interface HostExtension {
  /** Run for clients that have no commands of their own. */
  readonly commands: Readonly<Record<string, (args: readonly unknown[]) => Promise<unknown>>>;
  /** Further lenses above a profile. */
  lenses(document: OpenDocument): readonly Lens[];
  /** Ends what runs; the connection waits for it before it closes. */
  readonly shutdown?: () => Promise<void>;
  /** Further diagnostics of a profile. */
  diagnostics?(document: OpenDocument): readonly Diagnostic[];
}

/** What is known of the client and its wishes; changes while the server runs. */
export interface Session {
  readonly connection: Connection;
  readonly documents: TextDocuments<OpenDocument>;
  readonly client: ClientFeatures;
  readonly settings: Settings;
  /** Different whenever settings that matter to diagnostics may have changed. */
  readonly generation: number;
  /** False where nothing may be run on this machine. */
  readonly trusted: boolean;
  /** Addresses of the folders of the workspace, as they were when the client greeted. */
  readonly folders: readonly string[];
  /** Whether there is a file at an address; undefined where that cannot be told. Another function when the answers may be others. */
  readonly exists: (uri: string) => boolean | undefined;
  /** What analyses are made with now. */
  readonly analysisOptions: AnalysisOptions;
  analysis(document: OpenDocument): Analysis;
  /** Whether clicking something with this command leads anywhere. */
  canRun(command: string): boolean;
  /** The page of a diagnostic, where there is one. */
  documentation(code: string): string | undefined;
  /** Lenses have changed though no text did. */
  refreshLenses(): void;
  /** Inlay hints have changed though no text did. */
  refreshInlayHints(): void;
  /** Diagnostics have changed though no text did. */
  refreshDiagnostics(): void;
  /** Different after each {@link refreshDiagnostics}. */
  readonly diagnosticsAge: number;
  /** The client has been greeted. */
  onInitialized(listener: () => void): void;
  onSettings(listener: () => void): void;
  onRefreshDiagnostics(listener: () => void): void;
  log(what: string, error: unknown): void;
}

interface State {
  client: ClientFeatures;
  trusted: boolean;
  folders: readonly string[];
  documentation: string | undefined;
  runnable: ReadonlySet<string> | 'all';
  /** The settings as they came, to see whether others came. */
  raw: string | undefined;
  settings: Settings;
  options: AnalysisOptions;
  generation: number;
  diagnosticsAge: number;
  pulls: number;
}

/** Starts the conversation: greets the client and follows its settings. `extend` is called at once. */
export function openSession(
  connection: Connection,
  host: Host,
): { readonly session: Session; readonly extension: HostExtension | undefined } {
  const greeted: (() => void)[] = [];
  const listeners: (() => void)[] = [];
  const diagnosticsListeners: (() => void)[] = [];
  const log = (what: string, error: unknown): void =>
    connection.console.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const documents = new TextDocuments(documentsConfiguration((error) => log('A change was read anew', error)));
  const tell = (sent: Promise<unknown>): void => {
    sent.catch((error: unknown) => log('The client refused a request', error));
  };
  const state = initialState(host, log);
  const exists = remembered(documents, host.exists ?? (() => undefined));
  const session: Session = {
    connection,
    documents,
    get client() {
      return state.client;
    },
    get settings() {
      return state.settings;
    },
    get generation() {
      return state.generation;
    },
    get trusted() {
      return state.trusted;
    },
    get folders() {
      return state.folders;
    },
    get exists() {
      return exists();
    },
    get analysisOptions() {
      return state.options;
    },
    analysis: (document) => document.analysis(state.options),
    canRun: (command) => command === '' || state.runnable === 'all' || state.runnable.has(command),
    documentation: (code) => state.documentation?.replace('{code}', encodeURIComponent(code)),
    refreshLenses: () => {
      if (state.client.refreshLenses) tell(connection.sendRequest(CodeLensRefreshRequest.type));
    },
    refreshInlayHints: () => {
      if (state.client.refreshInlayHints) tell(connection.sendRequest(InlayHintRefreshRequest.type));
    },
    get diagnosticsAge() {
      return state.diagnosticsAge;
    },
    refreshDiagnostics: () => {
      state.diagnosticsAge++;
      for (const listener of diagnosticsListeners) listener();
      if (state.client.refreshDiagnostics) tell(connection.sendRequest(DiagnosticRefreshRequest.type));
    },
    onInitialized: (listener) => void greeted.push(listener),
    onSettings: (listener) => void listeners.push(listener),
    onRefreshDiagnostics: (listener) => void diagnosticsListeners.push(listener),
    log,
  };
  const extension = host.extend?.(session);
  connection.onShutdown(() => extension?.shutdown?.());
  const use = (raw: unknown): void => {
    if (!useSettings(state, raw, log)) return;
    for (const listener of listeners) listener();
  };
  connection.onInitialize((params) => initialize(state, params, host, extension, log));
  connection.onInitialized(() => {
    followSettings(connection, state, use, tell);
    for (const listener of greeted) listener();
  });
  connection.onNotification(TRUST_NOTIFICATION, () => {
    state.trusted = true;
  });
  return { session, extension };
}

type Log = Session['log'];

/** Asks the disk when a document is opened or saved, never while somebody types. */
function remembered(documents: TextDocuments<OpenDocument>, exists: Session['exists']): () => Session['exists'] {
  let current: Session['exists'];
  const ask = (): void => {
    const known = new Map<string, boolean | undefined>();
    current = (uri) => {
      if (!known.has(uri)) known.set(uri, exists(uri));
      return known.get(uri);
    };
  };
  ask();
  documents.onDidOpen(ask);
  documents.onDidSave(ask);
  return () => current;
}

function initialState(host: Host, log: Log): State {
  const settings = readSettings(undefined);
  return {
    client: clientFeatures({}),
    trusted: true,
    folders: [],
    documentation: host.documentation,
    runnable: new Set(),
    raw: undefined,
    settings,
    options: analysisOptions(settings, log),
    generation: 0,
    diagnosticsAge: 0,
    pulls: 0,
  };
}

function analysisOptions({ target, severities }: Settings, log: Log): AnalysisOptions {
  return { target, severities, onError: (check, error) => log(`check ${check.code}`, error) };
}

function initialize(
  state: State,
  params: InitializeParams,
  host: Host,
  extension: HostExtension | undefined,
  log: Log,
): InitializeResult {
  const options: InitializationOptions = isObject(params.initializationOptions) ? params.initializationOptions : {};
  state.client = clientFeatures(params.capabilities);
  state.trusted = options.trusted !== false;
  state.folders = params.workspaceFolders?.map(({ uri }) => uri) ?? [];
  if (typeof options.documentation === 'string') state.documentation = options.documentation;
  useSettings(state, options.settings, log);
  const documented = state.client.showDocument && state.documentation !== undefined;
  const own = [...(documented ? [DOCUMENTATION_COMMAND] : []), ...Object.keys(extension?.commands ?? {})];
  state.runnable = options.clientCommands === true ? 'all' : new Set(own);
  return {
    capabilities: serverCapabilities(state.client, options.clientCommands === true ? [] : own),
    serverInfo: { name: 'seccomp-language-server', version: host.version },
  };
}

/** Reads the settings from the client, now and whenever they change, in the way that it can. */
function followSettings(
  connection: Connection,
  state: State,
  use: (raw: unknown) => void,
  tell: (sent: Promise<unknown>) => void,
): void {
  const pull = (): void => {
    const number = ++state.pulls;
    const asked = connection.workspace.getConfiguration('seccomp').then((raw: unknown) => {
      // an answer that comes after a later question says nothing new
      if (number === state.pulls) use(raw);
    });
    tell(asked);
  };
  const { configuration, registerConfiguration } = state.client;
  connection.onDidChangeConfiguration(({ settings }: { settings: unknown }) => {
    if (configuration) pull();
    else use(isObject(settings) && 'seccomp' in settings ? settings.seccomp : settings);
  });
  if (configuration && registerConfiguration)
    tell(connection.client.register(DidChangeConfigurationNotification.type, { section: 'seccomp' }));
  if (configuration) pull();
}

/** Answers whether the settings are others than before. */
function useSettings(state: State, raw: unknown, log: Log): boolean {
  const text = JSON.stringify(raw ?? null);
  if (text === state.raw) return false;
  state.raw = text;
  state.settings = readSettings(raw);
  state.options = analysisOptions(state.settings, log);
  state.generation++;
  return true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
