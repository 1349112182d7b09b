import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { memory, processorTime } from './usage.mjs';

const protocol = createRequire(import.meta.url)('vscode-languageserver/node');

/** What VS Code says of itself, as far as it matters here. */
const CAPABILITIES = {
  general: { positionEncodings: ['utf-16'] },
  workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
  textDocument: {
    diagnostic: {},
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } },
    completion: {
      completionItem: { snippetSupport: true, labelDetailsSupport: true, documentationFormat: ['markdown'] },
      completionList: { itemDefaults: ['commitCharacters', 'editRange', 'insertTextFormat', 'insertTextMode', 'data'] },
    },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    codeAction: {
      isPreferredSupport: true,
      dataSupport: true,
      resolveSupport: { properties: ['edit', 'command'] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['', 'quickfix', 'refactor', 'source'] } },
    },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
};

/**
 * Starts a server and greets it. `spec` is `{ file, args, initializationOptions, settings }`; the same Node runs all of
 * them. The result tells how long that took in milliseconds (`startMs`).
 */
export async function startServer(spec) {
  const from = performance.now();
  const child = spawn(process.execPath, [spec.file, ...(spec.args ?? [])], { stdio: ['pipe', 'pipe', 'ignore'] });
  const connection = protocol.createMessageConnection(
    new protocol.StreamMessageReader(child.stdout),
    new protocol.StreamMessageWriter(child.stdin),
  );
  connection.onRequest((method, params) =>
    method === 'workspace/configuration' ? params.items.map((item) => spec.settings?.[item.section] ?? null) : null,
  );
  connection.listen();
  const gone = once(child, 'exit').then(([status]) => {
    throw new Error(`${spec.file} ended with ${status}`);
  });
  gone.catch(() => {});
  const request = (...args) => Promise.race([connection.sendRequest(...args), gone]);
  await request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: CAPABILITIES,
    initializationOptions: spec.initializationOptions,
  });
  const startMs = performance.now() - from;
  const startCpu = processorTime(child.pid);
  await connection.sendNotification('initialized', {});
  if (spec.settings) await connection.sendNotification('workspace/didChangeConfiguration', { settings: spec.settings });
  return {
    startMs,
    startCpu,
    request,
    notify: (method, params) => connection.sendNotification(method, params),
    cpu: () => processorTime(child.pid),
    memory: () => memory(child.pid),
    cancellation: () => new protocol.CancellationTokenSource(),
    async stop() {
      await request('shutdown');
      const exit = once(child, 'exit');
      await connection.sendNotification('exit');
      await exit;
      connection.dispose();
    },
  };
}

/** Asks for the diagnostics of a document until an answer comes that no change has overtaken, as VS Code's client does. */
export function follow(server, uri) {
  let wanted = 0;
  let asking;
  let token;
  const pull = async () => {
    for (let seen = -1; seen < wanted; ) {
      const asked = wanted;
      token = server.cancellation();
      try {
        await server.request('textDocument/diagnostic', { textDocument: { uri } }, token.token);
        seen = asked;
      } catch (error) {
        if (!token.token.isCancellationRequested) throw error;
      }
    }
    asking = undefined;
  };
  return {
    changed() {
      wanted++;
      token?.cancel();
      asking ??= pull();
    },
    settled: () => asking,
  };
}
