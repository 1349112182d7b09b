import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CodeAction, CodeLens, CompletionList, DocumentSymbol, Hover } from 'vscode-languageserver/node';
import type { DiscoveredTests, TestState, TestsFile, TestsRun } from '../../server/src/protocol.ts';
import { type Editor, killServers, MINIMAL, startEditor } from './client.ts';

const PROFILE = '{ "defaultAction": "SCMP_ACT_ALLOW" }';
const TESTS = JSON.stringify(
  {
    cases: [
      { name: 'a', expect: { exit: 0 } },
      { name: 'b', expect: { denied: ['mkdri'] } },
    ],
  },
  null,
  2,
);
const language = { languageId: 'seccomp-tests' };

let folder = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seccomp-profiles-cases-'));
  fs.writeFileSync(path.join(folder, 'web.json'), PROFILE);
});

afterEach(() => {
  killServers();
  fs.rmSync(folder, { recursive: true, force: true });
});

const address = (name: string): string => pathToFileURL(path.join(folder, name)).href;
const openTests = (editor: Editor, text = TESTS, languageId = 'seccomp-tests'): string =>
  editor.open(text, { uri: address('web.test.json'), languageId });
const at = (uri: string, line: number, character: number) => ({ textDocument: { uri }, position: { line, character } });
const codes = (found: readonly { readonly code?: unknown }[]) => found.map(({ code }) => code);

describe('files of test cases', () => {
  it('have diagnostics, pulled and pushed, in either language', async () => {
    const editor = await startEditor();
    assert.deepEqual(codes(await editor.pull(openTests(editor))), ['tests-unknown-call']);
    await editor.close();
    const simple = await startEditor({ capabilities: MINIMAL });
    const uri = openTests(simple, TESTS, 'json');
    const { diagnostics } = await simple.pushed(uri);
    assert.deepEqual(codes(diagnostics), ['tests-unknown-call']);
    await simple.close();
  });

  it('are told of a profile that is gone when they are saved', async () => {
    const editor = await startEditor();
    const uri = openTests(editor);
    assert.deepEqual(codes(await editor.pull(uri)), ['tests-unknown-call']);
    fs.rmSync(path.join(folder, 'web.json'));
    editor.notify('textDocument/didSave', { textDocument: { uri } });
    editor.change(uri, 2, [{ text: `${TESTS}\n` }]);
    assert.deepEqual(codes(await editor.pull(uri)), ['tests-no-profile', 'tests-unknown-call']);
    await editor.close();
  });

  it('have completion, hover, fixes, an outline and a layout', async () => {
    const editor = await startEditor();
    const uri = openTests(editor);
    const list = await editor.request<CompletionList>('textDocument/completion', at(uri, 4, 6));
    assert.ok(list.items.some(({ label }) => label === 'image'));
    const hover = await editor.request<Hover>('textDocument/hover', at(uri, 4, 9));
    assert.match(JSON.stringify(hover.contents), /What must come of it/);
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const actions = await editor.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics: await editor.pull(uri) },
    });
    assert.deepEqual(
      actions.map(({ title }) => title),
      ['Replace with "mkdir"'],
    );
    assert.equal(actions[0]!.diagnostics?.length, 1);
    const symbols = await editor.request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument: { uri } });
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['a', 'b'],
    );
    const options = { tabSize: 4, insertSpaces: true };
    const edits = await editor.request<unknown[]>('textDocument/formatting', { textDocument: { uri }, options });
    assert.ok(edits.length > 0);
    const folds = await editor.request<unknown[]>('textDocument/foldingRange', { textDocument: { uri } });
    assert.ok(folds.length >= 4);
    const positions = [{ line: 4, character: 9 }];
    const selected = await editor.request<unknown[]>('textDocument/selectionRange', {
      textDocument: { uri },
      positions,
    });
    assert.equal(selected.length, 1);
    assert.deepEqual(editor.logged, []);
    await editor.close();
  });

  it('are no profile', async () => {
    const editor = await startEditor();
    const uri = openTests(editor);
    const lenses = await editor.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    assert.deepEqual(lenses, []);
    await editor.close();
  });

  it('leave other files of that name alone', async () => {
    const editor = await startEditor();
    assert.deepEqual(await editor.pull(openTests(editor, '{ "cases": [1] }', 'json')), []);
    await editor.close();
  });
});

describe('seccomp/discoverTests', () => {
  it('gives the cases with their places and the profile', async () => {
    const editor = await startEditor();
    const file: TestsFile = { uri: address('web.test.json'), text: TESTS };
    const found = await editor.request<DiscoveredTests>('seccomp/discoverTests', file);
    assert.equal(found.profile, address('web.json'));
    assert.deepEqual(
      found.cases.map(({ id, range, error }) => [id, range.start.line, error !== undefined]),
      [
        ['a', 2, false],
        ['b', 8, true],
      ],
    );
    for (const params of [null, {}, { uri: 'untitled:x', text: '' }])
      assert.equal(await editor.request('seccomp/discoverTests', params), null);
    await editor.close();
  });

  it('tells of a profile that is gone once something is saved', async () => {
    const editor = await startEditor();
    const uri = openTests(editor);
    const errors = async () =>
      (await editor.request<DiscoveredTests>('seccomp/discoverTests', { uri, text: TESTS })).cases.map(
        ({ error }) => error,
      );
    assert.deepEqual(await errors(), [undefined, '"mkdri" is not a syscall; did you mean mkdir?']);
    fs.rmSync(path.join(folder, 'web.json'));
    editor.notify('textDocument/didSave', { textDocument: { uri } });
    assert.match(String((await errors())[0]), /no profile web\.json/);
    await editor.close();
  });
});

describe('seccomp/createTests', () => {
  it('writes cases for an open profile, and a lens leads there', async () => {
    const editor = await startEditor({ initializationOptions: { clientCommands: true } });
    const uri = editor.open(PROFILE, { uri: address('web.json') });
    const lenses = () => editor.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    const titles = (all: readonly CodeLens[]) => all.map(({ command }) => command?.title);
    assert.ok(titles(await lenses()).includes('Create Tests'));
    const file = await editor.request<TestsFile>('seccomp/createTests', { uri });
    assert.equal(file.uri, address('web.test.json'));
    fs.writeFileSync(path.join(folder, 'web.test.json'), file.text);
    const tests = editor.open(file.text, { uri: file.uri, ...language });
    assert.deepEqual(await editor.pull(tests), []);
    assert.ok(titles(await lenses()).includes('Run Tests'));
    assert.equal(await editor.request('seccomp/createTests', { uri: 'file:///nowhere' }), null);
    await editor.close();
  });
});

describe('seccomp/runTests', () => {
  const params = (cases: readonly string[]) => ({
    file: { uri: address('web.test.json'), text: TESTS },
    profile: { uri: address('web.json'), text: PROFILE },
    cases,
    run: 7,
  });

  it('tells of each case, with what is wrong at its place', async () => {
    const settings = { container: { engine: 'docker', program: '/nowhere/docker' } };
    const editor = await startEditor({ settings, initializationOptions: { settings } });
    const states: TestState[] = [];
    editor.connection.onNotification('seccomp/testState', (state: TestState) => void states.push(state));
    const result = await editor.request<TestsRun>('seccomp/runTests', params(['a', 'b', 'c']));
    assert.equal(result.kind, 'done');
    const told = states.map((state) => [state.run, state.case, state.state, state.messages[0]!.range.start.line]);
    assert.deepEqual(told.toSorted(), [
      [7, 'a', 'errored', 3],
      [7, 'b', 'errored', 9],
    ]);
    assert.match(states.find((state) => state.case === 'a')!.messages[0]!.message, /There is no program/);
    assert.match(states.find((state) => state.case === 'b')!.messages[0]!.message, /not right\. Line \d+: "mkdri"/);
    await editor.close();
  });

  it('runs nothing in a workspace that is not trusted', async () => {
    const editor = await startEditor({ initializationOptions: { trusted: false } });
    const result = await editor.request<TestsRun>('seccomp/runTests', params(['a']));
    assert.equal(result.kind, 'refused');
    await editor.close();
  });
});
