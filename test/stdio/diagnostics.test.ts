import assert from 'node:assert/strict';
import type { Diagnostic, DocumentDiagnosticReport } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Editor, example, killServers, MINIMAL, MODERN, startEditor } from './client.ts';

const codes = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code }) => code);

const UNKNOWN = `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["mkdirr"], "action": "SCMP_ACT_KILL_PROCESS" }]
}`;

afterEach(killServers);

describe('diagnostics that are pulled', () => {
  it('tell of both commas of the tutorial, each at its place and with its page', async () => {
    const editor = await startEditor({ initializationOptions: { documentation: 'https://example.org/{code}' } });
    const text = example('tutorial.json');
    const found = await editor.pull(editor.open(text));
    const document = TextDocument.create('', '', 0, text);
    const at = (code: string) => found.filter((diagnostic) => diagnostic.code === code);
    const [missing] = at('missing-comma');
    const [trailing] = at('trailing-comma');
    assert.ok(missing && trailing);
    assert.equal(document.getText(trailing.range), ',');
    assert.equal(missing.severity, 1);
    assert.equal(missing.source, 'seccomp');
    assert.equal(missing.codeDescription?.href, 'https://example.org/missing-comma');
    assert.match(String(missing.message), /comma/);
    assert.deepEqual(editor.logged, []);
    await editor.close();
  });

  it('carry tags and related places for clients that take them', async () => {
    const text = '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "name": "mkdir", "action": "SCMP_ACT_ERRNO" }] }';
    const rich = await startEditor();
    assert.ok((await rich.pull(rich.open(text))).some(({ tags }) => tags?.includes(2)));
    await rich.close();
    const plain = await startEditor({ capabilities: { textDocument: { diagnostic: {} } } });
    const found = await plain.pull(plain.open(text));
    assert.ok(found.length > 0);
    for (const { tags, relatedInformation, codeDescription } of found)
      assert.deepEqual([tags, relatedInformation, codeDescription], [undefined, undefined, undefined]);
    await plain.close();
  });

  it('are not sent again for the same version', async () => {
    const editor = await startEditor();
    const uri = editor.open(UNKNOWN);
    const pull = (previousResultId?: string) =>
      editor.request<DocumentDiagnosticReport>('textDocument/diagnostic', { textDocument: { uri }, previousResultId });
    const first = await pull();
    assert.equal(first.kind, 'full');
    assert.equal((await pull(first.resultId)).kind, 'unchanged');
    editor.change(uri, 2, [{ text: UNKNOWN.replace('mkdirr', 'mkdir') }]);
    assert.equal((await pull(first.resultId)).kind, 'full');
    await editor.close();
  });

  it('are not mixed up when a document is closed and another opened in its place', async () => {
    const editor = await startEditor();
    const uri = editor.open(UNKNOWN);
    const first = await editor.request<DocumentDiagnosticReport>('textDocument/diagnostic', { textDocument: { uri } });
    editor.notify('textDocument/didClose', { textDocument: { uri } });
    editor.open('{}', { uri });
    const second = await editor.request<DocumentDiagnosticReport>('textDocument/diagnostic', {
      textDocument: { uri },
      previousResultId: first.resultId,
    });
    assert.equal(second.kind, 'full');
    await editor.close();
  });

  it('are empty for documents that are not open', async () => {
    const editor = await startEditor();
    assert.deepEqual(await editor.pull('file:///nowhere.json'), []);
    await editor.close();
  });
});

describe('diagnostics that are pushed', () => {
  it('come with the version, follow changes and go when the document is closed', async () => {
    const editor = await startEditor({ capabilities: MINIMAL });
    const uri = editor.open(UNKNOWN);
    const first = await editor.pushed(uri);
    assert.equal(first.version, 1);
    assert.ok(codes(first.diagnostics).includes('unknown-syscall'));
    editor.change(uri, 2, [{ text: UNKNOWN.replace('mkdirr', 'mkdir') }]);
    const second = await editor.pushed(uri, ({ version }) => version === 2);
    assert.ok(!codes(second.diagnostics).includes('unknown-syscall'));
    editor.notify('textDocument/didClose', { textDocument: { uri } });
    const last = await editor.pushed(uri, ({ version }) => version === undefined);
    assert.deepEqual(last.diagnostics, []);
    await editor.close();
  });

  it('are the same as those that are pulled', async () => {
    const pushing = await startEditor({
      capabilities: { textDocument: { publishDiagnostics: MODERN.textDocument!.publishDiagnostics! } },
    });
    const pulling = await startEditor();
    const uri = 'file:///tutorial.json';
    pushing.open(example('tutorial.json'), { uri });
    pulling.open(example('tutorial.json'), { uri });
    assert.deepEqual((await pushing.pushed(uri)).diagnostics, await pulling.pull(uri));
    await pushing.close();
    await pulling.close();
  });
});

describe('documents', () => {
  it('of language json are served where their content is a profile', async () => {
    const editor = await startEditor();
    const profile = editor.open(UNKNOWN, { languageId: 'json' });
    const other = editor.open('{ "names": ["mkdirr"], }', { languageId: 'json' });
    assert.ok(codes(await editor.pull(profile)).includes('unknown-syscall'));
    assert.deepEqual(await editor.pull(other), []);
    await editor.close();
  });

  it('that stop being profiles lose their pushed diagnostics', async () => {
    const editor = await startEditor({ capabilities: MINIMAL });
    const uri = editor.open(UNKNOWN, { languageId: 'json' });
    await editor.pushed(uri, ({ diagnostics }) => diagnostics.length > 0);
    editor.change(uri, 2, [{ text: '{ "a": 1, }' }]);
    const { diagnostics } = await editor.pushed(uri, ({ version }) => version === 2);
    assert.deepEqual(diagnostics, []);
    await editor.close();
  });

  it('that are changed bit by bit are what they would be if opened so', async () => {
    const editor = await startEditor();
    const uri = editor.open(example('tutorial.json').replaceAll('\n', '\r\n'));
    const local = TextDocument.create(uri, 'seccomp', 1, example('tutorial.json').replaceAll('\n', '\r\n'));
    const texts = ['', '"', ',', '}\r\n', '{', '\u{1f512}', '"name": "reboot",\n', 'SCMP_ACT_LOG'];
    const random = generator(20_260);
    for (let version = 2; version <= 60; version++) {
      const length = local.getText().length;
      const start = Math.floor(random() * length);
      const range = {
        start: local.positionAt(start),
        end: local.positionAt(Math.min(length, start + Math.floor(random() * 12))),
      };
      const change = { range, text: texts[Math.floor(random() * texts.length)]! };
      TextDocument.update(local, [change], version);
      editor.change(uri, version, [change]);
      const whole = editor.open(local.getText());
      const [changed, opened] = [await editor.pull(uri), await editor.pull(whole)];
      assert.deepEqual(withoutUri(changed, uri), withoutUri(opened, whole), `after change ${version}`);
    }
    assert.deepEqual(editor.logged, []);
    await editor.close();
  });
});

const withoutUri = (diagnostics: readonly Diagnostic[], uri: string) =>
  JSON.parse(JSON.stringify(diagnostics).replaceAll(uri, ''));

/** Numbers from 0 to 1, the same every time (Park and Miller). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('settings', () => {
  const off = { diagnostics: { severity: { 'unknown-syscall': 'off' } } };
  const asError = { diagnostics: { severity: { 'unknown-syscall': 'error' } } };
  const severityOf = (diagnostics: readonly Diagnostic[]) =>
    diagnostics.find(({ code }) => code === 'unknown-syscall')?.severity;

  async function editorWith(options: Parameters<typeof startEditor>[0]): Promise<Editor & { readonly uri: string }> {
    const editor = await startEditor(options);
    return { ...editor, uri: editor.open(UNKNOWN) };
  }

  it('of the first request count at once', async () => {
    const editor = await editorWith({ initializationOptions: { settings: off }, settings: off });
    assert.equal(severityOf(await editor.pull(editor.uri)), undefined);
    await editor.close();
  });

  it('that change make the client ask again', async () => {
    const editor = await editorWith({});
    assert.equal(severityOf(await editor.pull(editor.uri)), 2);
    editor.configure(asError);
    await editor.askedFor('workspace/diagnostic/refresh');
    assert.equal(severityOf(await editor.pull(editor.uri)), 1);
    await editor.close();
  });

  it('that are pushed are pushed on', async () => {
    const editor = await editorWith({ capabilities: MINIMAL });
    await editor.pushed(editor.uri, ({ diagnostics }) => severityOf(diagnostics) === 2);
    editor.notify('workspace/didChangeConfiguration', { settings: { seccomp: asError } });
    await editor.pushed(editor.uri, ({ diagnostics }) => severityOf(diagnostics) === 1);
    editor.notify('workspace/didChangeConfiguration', { settings: off });
    await editor.pushed(editor.uri, ({ diagnostics }) => severityOf(diagnostics) === undefined);
    await editor.close();
  });

  for (const nonsense of [null, 5, 'text', [], { target: 3, diagnostics: { severity: { 'unknown-syscall': 'loud' } } }])
    it(`that are ${JSON.stringify(nonsense)} count as none`, async () => {
      const editor = await editorWith({ settings: nonsense });
      await editor.askedFor('workspace/configuration');
      assert.equal(severityOf(await editor.pull(editor.uri)), 2);
      await editor.close();
    });
});
