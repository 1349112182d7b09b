import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import * as protocol from '../../server/src/protocol.ts';
import { type Editor, example, killServers, MINIMAL, root, startEditor } from './client.ts';

const PROFILE = example('docker-like.json');

/** Every request that the server takes about a document, with good parameters but for the document. */
const REQUESTS: Readonly<Record<string, object>> = {
  'textDocument/hover': { position: { line: 1, character: 5 } },
  'textDocument/completion': { position: { line: 1, character: 5 } },
  'textDocument/codeAction': {
    range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
    context: { diagnostics: [] },
  },
  'textDocument/codeLens': {},
  'textDocument/documentSymbol': {},
  'textDocument/foldingRange': {},
  'textDocument/selectionRange': { positions: [{ line: 1, character: 5 }] },
  'textDocument/formatting': { options: { tabSize: 2, insertSpaces: true } },
  'textDocument/rangeFormatting': {
    range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
    options: { tabSize: 2, insertSpaces: true },
  },
  'textDocument/inlayHint': { range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } } },
  'textDocument/diagnostic': {},
};

const FILE = { uri: 'file:///abuse/a.test.json', text: '{ "cases": [{ "name": "a", "expect": { "exit": 0 } }] }' };

/** Good parameters of our own requests, but for the address of the document. */
const OWN: Readonly<Record<string, object>> = {
  [protocol.EXPLAIN_REQUEST]: { call: 'read(0)' },
  [protocol.CHECK_PAGE_REQUEST]: { code: 'unknown-action' },
  [protocol.COMPARE_REQUEST]: {
    before: { kind: 'default', engine: 'docker' },
    after: { kind: 'text', text: PROFILE, label: 'a' },
  },
  [protocol.READ_TARGET_REQUEST]: {},
  [protocol.DISCOVER_TESTS_REQUEST]: FILE,
  [protocol.RUN_TESTS_REQUEST]: {
    file: FILE,
    profile: { uri: 'file:///abuse/a.json', text: PROFILE },
    cases: ['a'],
    run: 1,
  },
  [protocol.IMPORT_REQUEST]: { conditions: true, traces: [{ name: 'a', text: 'read(0) = 0' }] },
  [protocol.RECORD_REQUEST]: { conditions: true, image: 'a', command: ['b'] },
  [protocol.REPAIR_REQUEST]: { image: 'a', command: ['b'], cases: FILE },
  [protocol.TIGHTEN_REQUEST]: { image: 'a', command: ['b'], cases: FILE },
};

/** Requests of other kinds: all of our own, also those that are still to come. */
const OTHERS = [
  'codeAction/resolve',
  'completionItem/resolve',
  'codeLens/resolve',
  'workspace/executeCommand',
  ...Object.entries(protocol).flatMap(([name, method]) => (name.endsWith('_REQUEST') ? [String(method)] : [])),
];

/** An engine that is not there, so that no request reaches one of this machine. */
const NO_ENGINE = { container: { engine: 'docker', program: '/no/such/docker' } };

/** What a value is not, whatever it should be. */
const NONSENSE = [null, 5, -1, 1e30, 'text', '', true, [], [null], {}, { uri: 7 }, { line: -1, character: -1 }];

afterEach(killServers);

/** Answers are what is asked for; that some are errors is right. */
const answered = (sent: Promise<unknown>): Promise<unknown> => sent.catch((error: unknown) => error);

/** The server does as if nothing had happened. */
async function assertWell(editor: Editor): Promise<void> {
  const uri = editor.open('{ "defaultAction": "SCMP_ACT_ALOW" }');
  const found = await editor.pull(uri);
  assert.ok(found.some(({ code }) => code === 'unknown-action'));
  assert.equal(await editor.close(), 0);
}

/** A server to which no one has said anything yet. */
function strange(): { readonly child: ChildProcess; readonly connection: MessageConnection } {
  const child = spawn(process.execPath, [path.join(root, 'dist/server.cjs'), '--stdio'], { stdio: 'pipe' });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onError(() => {});
  connection.listen();
  return { child, connection };
}

describe('a client that says what makes no sense', () => {
  it('gets an answer to every request, whatever its parameters', async () => {
    const editor = await startEditor({ settings: NO_ENGINE });
    const uri = editor.open(PROFILE);
    for (const method of [...Object.keys(REQUESTS), ...OTHERS])
      for (const nonsense of NONSENSE) {
        await answered(editor.request(method, nonsense));
        await answered(editor.request(method, { textDocument: nonsense }));
        await answered(editor.request(method, { textDocument: { uri: nonsense } }));
        const good = { textDocument: { uri }, uri, ...REQUESTS[method], ...OWN[method] };
        for (const key of Object.keys(good)) await answered(editor.request(method, { ...good, [key]: nonsense }));
      }
    await assertWell(editor);
  });

  for (const capabilities of [MINIMAL, undefined])
    it(`is survived, whatever it notifies of, by a server that ${capabilities ? 'pushes' : 'is asked for'} diagnostics`, async () => {
      const editor = await startEditor(capabilities && { capabilities });
      const uri = editor.open(PROFILE);
      for (const nonsense of NONSENSE) {
        for (const method of ['didOpen', 'didChange', 'didClose', 'didSave']) {
          editor.notify(`textDocument/${method}`, nonsense);
          editor.notify(`textDocument/${method}`, { textDocument: nonsense, contentChanges: [{ text: '{}' }] });
        }
        const textDocument = { uri: `file:///nonsense-${JSON.stringify(nonsense)}`, languageId: 'json', version: 1 };
        editor.notify('textDocument/didOpen', { textDocument: { ...textDocument, text: nonsense } });
        editor.notify('textDocument/didOpen', { textDocument: { ...textDocument, languageId: nonsense, text: '{}' } });
        editor.notify('textDocument/didOpen', { textDocument: { ...textDocument, version: nonsense, text: '{}' } });
        editor.notify('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: nonsense });
        editor.notify('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [nonsense] });
        editor.notify('textDocument/didChange', {
          textDocument: { uri, version: 2 },
          contentChanges: [{ text: nonsense }],
        });
        editor.notify('textDocument/didChange', {
          textDocument: { uri, version: 2 },
          contentChanges: [{ range: nonsense, text: 'x' }],
        });
        editor.notify('workspace/didChangeConfiguration', nonsense);
        editor.notify('$/setTrace', nonsense);
        // not nonsense itself: vscode-jsonrpc may lose the request behind a cancellation without an id
        editor.notify('$/cancelRequest', { id: 1_000_000 });
        editor.notify('no/such/notification', nonsense);
        // long enough for what is pushed later
        await answered(
          editor.request('textDocument/hover', { textDocument: { uri }, ...REQUESTS['textDocument/hover'] }),
        );
      }
      const other = editor.open('{ "defaultAction": "SCMP_ACT_ALOW" }');
      const published = capabilities ? (await editor.pushed(other)).diagnostics : await editor.pull(other);
      assert.ok(published.some(({ code }) => code === 'unknown-action'));
      assert.equal(await editor.close(), 0);
    });

  it('may open what has no text and wait for what is said of it', async () => {
    const editor = await startEditor({ capabilities: MINIMAL });
    for (const text of [null, 5, {}]) {
      const textDocument = { uri: `file:///${JSON.stringify(text)}`, languageId: 'json', version: 1, text };
      editor.notify('textDocument/didOpen', { textDocument });
      // what is pushed for the next one comes later than anything for this
      const other = editor.open('{ "defaultAction": "SCMP_ACT_ALOW" }');
      assert.equal((await editor.pushed(other)).diagnostics.length, 1);
    }
    assert.equal(await editor.close(), 0);
  });

  it('is told that a request is unknown', async () => {
    const editor = await startEditor();
    await assert.rejects(editor.request('textDocument/noSuchThing', {}), { code: -32601 });
    await assertWell(editor);
  });

  it('may change, close and open in any order', async () => {
    const editor = await startEditor();
    const uri = 'file:///order.json';
    const change = (text: string) => editor.change(uri, 1, [{ text }]);
    change('{}');
    editor.notify('textDocument/didClose', { textDocument: { uri } });
    editor.open('{ "defaultAction": 1 }', { uri });
    editor.open('{ "defaultAction": "SCMP_ACT_ALOW" }', { uri });
    assert.ok(
      (await editor.pull(uri)).some(({ code }) => code === 'unknown-action'),
      'the last one counts',
    );
    editor.notify('textDocument/didClose', { textDocument: { uri } });
    editor.notify('textDocument/didClose', { textDocument: { uri } });
    change('{ "defaultAction": "SCMP_ACT_ALOW" }');
    assert.deepEqual(await editor.pull(uri), []);
    await assertWell(editor);
  });

  it('may change places that are not there', async () => {
    const editor = await startEditor();
    const uri = editor.open('{}');
    const at = (line: number, character: number) => ({ line, character });
    const places = [at(-1, -1), at(1e9, 1e9), at(0, -5), at(0.5, 0.5), at(0, 2 ** 53)];
    for (const start of places) for (const end of places) editor.change(uri, 2, [{ range: { start, end }, text: 'x' }]);
    await editor.pull(uri);
    editor.change(uri, 3, [{ text: '{ "defaultAction": "SCMP_ACT_ALOW" }' }]);
    assert.ok((await editor.pull(uri)).some(({ code }) => code === 'unknown-action'));
    await assertWell(editor);
  });

  it('may begin with something else than a greeting', async () => {
    const { child, connection } = strange();
    for (const method of [...Object.keys(REQUESTS), ...OTHERS]) await answered(connection.sendRequest(method, {}));
    void connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: 'file:///a.json', languageId: 'seccomp', version: 1, text: PROFILE },
    });
    const initialized = await connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      capabilities: {},
    });
    assert.ok(initialized);
    await connection.sendRequest('shutdown');
    const exit = once(child, 'exit');
    void connection.sendNotification('exit');
    assert.deepEqual(await exit, [0, null]);
  });

  for (const capabilities of [undefined, null, [], { textDocument: null, workspace: null, window: null }])
    it(`may greet without capabilities (${JSON.stringify(capabilities)}) and again as it should`, async () => {
      const { child, connection } = strange();
      await answered(connection.sendRequest('initialize', { processId: null, rootUri: null, capabilities }));
      assert.ok(await connection.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {} }));
      await connection.sendRequest('shutdown');
      const exit = once(child, 'exit');
      void connection.sendNotification('exit');
      assert.deepEqual(await exit, [0, null]);
    });
});

describe('a client that is in a hurry', () => {
  it('may cancel every request at once', async () => {
    const editor = await startEditor({ settings: NO_ENGINE });
    const uri = editor.open(PROFILE);
    for (const [method, params] of Object.entries({ ...REQUESTS, ...OWN })) {
      const source = new CancellationTokenSource();
      const sent = editor.connection.sendRequest(method, { textDocument: { uri }, uri, ...params }, source.token);
      source.cancel();
      await answered(sent);
    }
    await assertWell(editor);
  });

  it('may change and cancel faster than the server computes', async () => {
    const editor = await startEditor();
    const uri = editor.open(PROFILE);
    const pulls: Promise<unknown>[] = [];
    for (let version = 2; version < 60; version++) {
      editor.change(uri, version, [
        { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, text: ' ' },
      ]);
      const source = new CancellationTokenSource();
      const sent = editor.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } }, source.token);
      pulls.push(answered(sent));
      if (version % 3) source.cancel();
    }
    await Promise.all(pulls);
    await assertWell(editor);
  });

  it('may shut down while the server works', async () => {
    const editor = await startEditor();
    const uri = editor.open(PROFILE);
    const sent = Object.entries(REQUESTS).map(([method, params]) =>
      answered(editor.request(method, { textDocument: { uri }, ...params })),
    );
    assert.equal(await editor.close(), 0);
    await Promise.race([Promise.all(sent), once(editor.process, 'close')]);
    assert.equal(editor.errors(), '');
  });

  it('may leave without a word while the server works', async () => {
    const editor = await startEditor({ capabilities: MINIMAL });
    for (let i = 0; i < 20; i++) editor.open(PROFILE);
    const exit = once(editor.process, 'exit');
    editor.process.stdin?.destroy();
    editor.process.stdout?.destroy();
    const [status, signal] = await exit;
    assert.equal(signal, null);
    assert.notEqual(status, null);
  });
});

describe('a client that wants a lot', () => {
  it('may open two thousand documents, and closing them frees their memory', async function () {
    this.timeout(120_000);
    const editor = await startEditor();
    const text =
      '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }] }';
    for (let round = 0; round < 2; round++) {
      const uris = Array.from({ length: 2000 }, (_, i) =>
        editor.open(text, { uri: `file:///many/${round}/${i}.json` }),
      );
      for (const uri of uris) await editor.pull(uri);
      for (const uri of uris) editor.notify('textDocument/didClose', { textDocument: { uri } });
    }
    await editor.pull(editor.open('{}'));
    if (process.platform === 'linux') assert.ok(residentMiB(editor.process.pid!) < 800, 'memory is bounded');
    await assertWell(editor);
  });

  it('may send a message of ten megabytes', async function () {
    this.timeout(120_000);
    const editor = await startEditor();
    const uri = editor.open(`{ "defaultAction": "SCMP_ACT_ALOW", "comment": "${'x'.repeat(10_000_000)}" }`);
    assert.ok((await editor.pull(uri)).some(({ code }) => code === 'unknown-action'));
    await assertWell(editor);
  });
});

function residentMiB(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kib) / 1024;
}

describe('bytes that are no message', () => {
  for (const bytes of [
    'Content-Length: many\r\n\r\n{}',
    'Content-Length: -5\r\n\r\n{}',
    'no header at all\r\n\r\n',
    'Content-Length: 4\r\n\r\n{"a"',
    'Content-Length: 2\r\nContent-Type: nonsense; charset=martian\r\n\r\n{}',
    `Content-Length: 2\r\n\r\n{}${'\0'.repeat(1000)}`,
  ])
    it(`${JSON.stringify(bytes.slice(0, 60))} end the server or are passed over`, async () => {
      const { child, connection } = strange();
      const exit = once(child, 'exit');
      child.stdin?.on('error', () => {});
      child.stdin?.write(bytes);
      connection.dispose();
      child.stdin?.end();
      const [, signal] = await exit;
      assert.equal(signal, null);
    });
});

describe('settings', () => {
  const { contributes } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const keys: readonly string[] = [contributes.configuration]
    .flat()
    .flatMap(({ properties }: { properties: object }) => Object.keys(properties));

  it('of every wrong type count as none', async () => {
    const editor = await startEditor({ settings: {} });
    const uri = editor.open('{ "defaultAction": "SCMP_ACT_ALOW" }');
    for (const nonsense of [...NONSENSE, { a: { b: {} } }, 'x'.repeat(10_000), ['a', 5, null]]) {
      const settings = {};
      for (const key of keys) put(settings, key.split('.').slice(1), nonsense);
      editor.configure(settings);
      for (const [method, params] of Object.entries(REQUESTS))
        await editor.request(method, { textDocument: { uri }, ...params });
      assert.ok(
        (await editor.pull(uri)).some(({ code }) => code === 'unknown-action'),
        JSON.stringify(nonsense),
      );
    }
    assert.deepEqual(editor.logged, []);
    await assertWell(editor);
  });
});

function put(settings: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    settings[key] = value;
    return;
  }
  const inner = settings[key];
  const object = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : {};
  settings[key] = object;
  put(object as Record<string, unknown>, rest, value);
}
