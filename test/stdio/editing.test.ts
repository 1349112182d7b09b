import assert from 'node:assert/strict';
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  CompletionList,
  DocumentSymbol,
  FoldingRange,
  Hover,
  Position,
  SelectionRange,
  SymbolInformation,
  TextEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Editor, example, killServers, MINIMAL, startEditor } from './client.ts';

/** An open document with its cursor where the text has `|`. */
function openAt(editor: Editor, marked: string, languageId = 'seccomp') {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const uri = editor.open(text, { languageId });
  const document = TextDocument.create(uri, languageId, 1, text);
  return { uri, text, document, position: document.positionAt(offset) };
}

const RULE = (names: string) =>
  `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": [${names}], "action": "SCMP_ACT_ERRNO" }] }`;

const whole = (document: TextDocument) => ({
  start: { line: 0, character: 0 },
  end: document.positionAt(document.getText().length),
});

afterEach(killServers);

describe('completion', () => {
  const complete = (editor: Editor, uri: string, position: Position) =>
    editor.request<CompletionList | null>('textDocument/completion', { textDocument: { uri }, position });

  it('says once what all items share, and documents them when asked', async () => {
    const editor = await startEditor();
    const { uri, document, position } = openAt(editor, RULE('"mkdir", "mk|"'));
    const list = await complete(editor, uri, position);
    assert.ok(list && list.items.length > 400);
    const item = list.items.find(({ label }) => label === 'mkdirat');
    assert.ok(item);
    assert.equal(item.textEdit, undefined);
    const range = list.itemDefaults?.editRange;
    assert.ok(range && 'start' in range);
    const accepted = TextDocument.applyEdits(document, [{ range, newText: item.textEditText ?? item.label }]);
    assert.equal(accepted, RULE('"mkdir", "mkdirat"'));
    const resolved = await editor.request<CompletionItem>('completionItem/resolve', {
      ...item,
      data: list.itemDefaults?.data,
    });
    assert.match(JSON.stringify(resolved.documentation), /create a directory/);
    await editor.close();
  });

  it('gives each item its edit where a client knows no defaults', async () => {
    const editor = await startEditor({ capabilities: MINIMAL });
    const { uri, document, position } = openAt(editor, RULE('"mkdir", "mk|"'));
    const list = await complete(editor, uri, position);
    assert.equal(list?.itemDefaults, undefined);
    const item = list?.items.find(({ label }) => label === 'mkdirat');
    assert.ok(item?.textEdit && 'range' in item.textEdit);
    assert.equal(TextDocument.applyEdits(document, [item.textEdit]), RULE('"mkdir", "mkdirat"'));
    const resolved = await editor.request<CompletionItem>('completionItem/resolve', item);
    assert.ok(resolved.documentation);
    await editor.close();
  });

  it('has no snippets for clients that take none', async () => {
    const editor = await startEditor({ capabilities: MINIMAL });
    const { uri, position } = openAt(editor, '{ | }');
    const list = await complete(editor, uri, position);
    assert.ok(list && list.items.length > 0);
    for (const { textEdit, insertTextFormat } of list.items) {
      assert.equal(insertTextFormat, undefined);
      assert.doesNotMatch(textEdit?.newText ?? '', /\$\{?\d/);
    }
    await editor.close();
  });

  for (const item of [
    { label: 'x' },
    { label: 'x', data: 7 },
    { label: 'x', data: { uri: 1, list: { source: 'no' } } },
  ])
    it(`leaves ${JSON.stringify(item)} as it is, which is none of its items`, async () => {
      const editor = await startEditor();
      assert.deepEqual(await editor.request('completionItem/resolve', item), item);
      assert.deepEqual(editor.logged, []);
      await editor.close();
    });
});

describe('hover', () => {
  it('explains what is under the cursor and where that is', async () => {
    const editor = await startEditor();
    const { uri, document, position } = openAt(editor, RULE('"mk|dir"'));
    const hover = await editor.request<Hover>('textDocument/hover', { textDocument: { uri }, position });
    assert.match(JSON.stringify(hover.contents), /create a directory/);
    assert.equal(document.getText(hover.range), '"mkdir"');
    await editor.close();
  });
});

describe('code actions', () => {
  const actions = (editor: Editor, uri: string, document: TextDocument, only?: readonly string[]) =>
    editor.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: whole(document),
      context: { diagnostics: [], ...(only && { only }) },
    });

  it('mend the tutorial by one edit into JSON', async () => {
    const editor = await startEditor();
    const { uri, document } = openAt(editor, `${example('tutorial.json')}|`);
    const [fixAll, ...others] = await actions(editor, uri, document, ['source.fixAll']);
    assert.ok(fixAll);
    assert.deepEqual([others, fixAll.kind], [[], 'source.fixAll.seccomp']);
    const [change] = fixAll.edit?.documentChanges ?? [];
    assert.ok(change && 'edits' in change && change.textDocument.version === 1);
    const mended = TextDocument.applyEdits(document, change.edits as TextEdit[]);
    assert.equal(JSON.parse(mended).syscalls.length, 3);
    editor.change(uri, 2, [{ text: mended }]);
    assert.ok((await editor.pull(uri)).every(({ severity }) => severity !== 1));
    await editor.close();
  });

  it('that reach over the whole text come without their edits until one is chosen', async () => {
    const editor = await startEditor();
    const names = '"mkdir", "mkdir", "read", "read"';
    const { uri, document } = openAt(editor, `${RULE(names)}|`);
    const offered = await actions(editor, uri, document);
    const left = offered.filter(({ data }) => data);
    assert.deepEqual(
      left.map(({ title, kind, edit }) => [title.split(':')[0], kind, edit]),
      [
        ['Fix all', 'quickfix', undefined],
        ['Fix all safe problems in this file', 'quickfix', undefined],
        ['Fix all safe problems in this file', 'source.fixAll.seccomp', undefined],
      ],
    );
    for (const action of left) {
      const { edit } = await editor.request<CodeAction>('codeAction/resolve', action);
      const [change] = edit?.documentChanges ?? [];
      assert.ok(change && 'edits' in change && change.textDocument.version === 1);
      assert.equal(TextDocument.applyEdits(document, change.edits as TextEdit[]), RULE('"mkdir", "read"'));
    }
    await editor.close();
  });

  const all = { of: 'all' };
  for (const data of [7, {}, { uri: 1, later: all }, { uri: 'file:///never-opened.json', later: all }, { later: null }])
    it(`with ${JSON.stringify(data)} are left as they are when they are chosen`, async () => {
      const editor = await startEditor();
      const action = { title: 'x', data };
      assert.deepEqual(await editor.request('codeAction/resolve', action), action);
      assert.deepEqual(editor.logged, []);
      await editor.close();
    });

  it('name the diagnostics that they mend', async () => {
    const editor = await startEditor();
    const { uri, document } = openAt(editor, RULE('"mkdirr|"'));
    const diagnostics = await editor.pull(uri);
    const offered = await editor.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: whole(document),
      context: { diagnostics },
    });
    const fix = offered.find(({ title }) => title.includes('mkdir"'));
    assert.deepEqual(
      fix?.diagnostics?.map(({ code }) => code),
      ['unknown-syscall'],
    );
    await editor.close();
  });

  it('come as plain changes for clients that know no versions, and without preference', async () => {
    const editor = await startEditor({
      capabilities: {
        textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } },
      },
    });
    const { uri, document } = openAt(editor, `${example('tutorial.json')}|`);
    const offered = await actions(editor, uri, document);
    assert.ok(offered.some(({ edit }) => edit?.changes?.[uri]));
    for (const { edit, isPreferred } of offered)
      assert.deepEqual([edit?.documentChanges, isPreferred], [undefined, undefined]);
    await editor.close();
  });

  it('lead to a page only where there is one to show', async () => {
    const pages = (offered: readonly CodeAction[]) =>
      offered.filter(({ command }) => command?.command === 'seccomp.openDocumentation');
    const documentation = 'https://example.org/{code}';
    const editor = await startEditor({ initializationOptions: { documentation } });
    const { uri, document } = openAt(editor, RULE('"mkdirr|"'));
    const [page] = pages(await actions(editor, uri, document));
    assert.ok(page?.command);
    const shown = await editor.request('workspace/executeCommand', page.command);
    assert.equal(shown, true);
    assert.ok(editor.asked.includes('window/showDocument'));
    await editor.close();
    const plain = await startEditor({
      initializationOptions: { documentation },
      capabilities: {
        textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } },
      },
    });
    const other = openAt(plain, RULE('"mkdirr|"'));
    assert.deepEqual(pages(await actions(plain, other.uri, other.document)), []);
    await plain.close();
  });
});

describe('structure', () => {
  const ask = <R>(editor: Editor, method: string, uri: string, more: object = {}) =>
    editor.request<R>(`textDocument/${method}`, { textDocument: { uri }, ...more });

  it('is outlined, nested or flat as the client can show it', async () => {
    const editor = await startEditor();
    const nested = await ask<DocumentSymbol[]>(editor, 'documentSymbol', editor.open(example('deny-list.json')));
    const rules = nested.find(({ name }) => name === 'syscalls')?.children ?? [];
    assert.ok(rules.length > 0);
    await editor.close();
    const plain = await startEditor({ capabilities: MINIMAL });
    const flat = await ask<SymbolInformation[]>(plain, 'documentSymbol', plain.open(example('deny-list.json')));
    assert.ok(flat.every(({ location }) => location.range));
    assert.equal(flat.filter(({ containerName }) => containerName === 'syscalls').length, rules.length);
    await plain.close();
  });

  it('is folded and selected piece by piece', async () => {
    const editor = await startEditor();
    const text = example('deny-list.json');
    const uri = editor.open(text);
    const folds = await ask<FoldingRange[]>(editor, 'foldingRange', uri);
    const lines = text.split('\n').length;
    assert.ok(folds.length > 2);
    for (const { startLine, endLine } of folds) assert.ok(startLine < endLine && endLine < lines);
    const positions = [
      { line: 1, character: 4 },
      { line: 3, character: 0 },
    ];
    const selections = await ask<SelectionRange[]>(editor, 'selectionRange', uri, { positions });
    assert.equal(selections.length, 2);
    let outermost = selections[0];
    while (outermost?.parent) outermost = outermost.parent;
    assert.deepEqual(outermost?.range.start, { line: 0, character: 0 });
    await editor.close();
  });

  it('is formatted, as a whole or in part', async () => {
    const editor = await startEditor();
    const text = '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[]}';
    const uri = editor.open(text);
    const document = TextDocument.create(uri, 'seccomp', 1, text);
    const options = { tabSize: 2, insertSpaces: true, insertFinalNewline: true };
    const edits = await ask<TextEdit[]>(editor, 'formatting', uri, { options });
    assert.equal(
      TextDocument.applyEdits(document, edits),
      '{\n  "defaultAction": "SCMP_ACT_ALLOW",\n  "syscalls": []\n}\n',
    );
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 5 } };
    const part = await ask<TextEdit[]>(editor, 'rangeFormatting', uri, { options, range });
    assert.deepEqual(JSON.parse(TextDocument.applyEdits(document, part)), JSON.parse(text));
    await editor.close();
  });

  it('has lenses above it unless they are switched off', async () => {
    const editor = await startEditor();
    const uri = editor.open(example('deny-list.json'));
    const lenses = await ask<CodeLens[]>(editor, 'codeLens', uri);
    assert.equal(lenses[0]?.command?.title, 'Test in Docker');
    assert.deepEqual(lenses[0]?.command?.arguments, [uri]);
    editor.configure({ codeLens: { enabled: false } });
    await editor.askedFor('workspace/codeLens/refresh');
    assert.deepEqual(await ask(editor, 'codeLens', uri), []);
    await editor.close();
  });
});

describe('requests about documents that are not open or no profiles', () => {
  const position = { line: 3, character: 9 };
  const range = { start: position, end: position };
  const options = { tabSize: 4, insertSpaces: false };
  const REQUESTS: readonly (readonly [method: string, params: object, none: unknown])[] = [
    ['completion', { position }, null],
    ['hover', { position }, null],
    ['codeAction', { range, context: { diagnostics: [] } }, []],
    ['codeLens', {}, []],
    ['documentSymbol', {}, []],
    ['foldingRange', {}, []],
    ['selectionRange', { positions: [position] }, null],
    ['formatting', { options }, []],
    ['rangeFormatting', { options, range }, []],
  ];
  for (const [method, params, none] of REQUESTS)
    it(`${method} gives ${JSON.stringify(none)}`, async () => {
      const editor = await startEditor();
      const other = editor.open('{ "a": 1 }', { languageId: 'json' });
      for (const uri of ['file:///never-opened.json', other])
        assert.deepEqual(await editor.request(`textDocument/${method}`, { textDocument: { uri }, ...params }), none);
      assert.deepEqual(editor.logged, []);
      await editor.close();
    });

  it('positions outside of the text are answered too', async () => {
    const editor = await startEditor();
    const uri = editor.open('{}');
    const far = { line: 1e6, character: 1e6 };
    for (const [method, params] of REQUESTS)
      await editor.request(`textDocument/${method}`, {
        textDocument: { uri },
        ...params,
        position: far,
        positions: [far],
        range: { start: far, end: far },
      });
    assert.deepEqual(editor.logged, []);
    await editor.close();
  });
});
