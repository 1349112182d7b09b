import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ImportParams, RecordingResult } from '../../server/src/protocol.ts';
import { type Editor, killServers, startEditor } from './client.ts';

afterEach(killServers);

const TRACE = 'execve("/bin/x", ["x"], 0x7f) = 0\r\nsocket(AF_UNIX, SOCK_STREAM, 0) = 3\r\nhello\r\n';
const PROFILE =
  '{ "defaultAction": "SCMP_ACT_ERRNO",\n  "syscalls": [{ "names": ["execve"], "action": "SCMP_ACT_ALLOW" }] }\n';

const ask = (editor: Editor, params: Partial<ImportParams>) =>
  editor.request<RecordingResult>('seccomp/importTraces', {
    traces: [{ name: 'a.txt', text: TRACE }],
    conditions: false,
    ...params,
  });

describe('seccomp/importTraces', () => {
  it('makes a new profile', async () => {
    const editor = await startEditor();
    const result = await ask(editor, { conditions: true });
    assert.ok(result.kind === 'profile', JSON.stringify(result));
    const [plain, socket] = JSON.parse(result.text).syscalls;
    assert.deepEqual(plain.names, ['execve']);
    assert.equal(socket.args[0].value, 1);
    assert.equal(result.report[0], '1 trace, 3 lines: 2 calls of 2 syscalls');
    assert.ok(result.report.includes('  a.txt:3: hello'));
    await editor.close();
  });

  it('adds to an open profile what it denies, in the smallest edit', async () => {
    const editor = await startEditor();
    const uri = editor.open(PROFILE);
    const result = await ask(editor, { uri });
    assert.ok(result.kind === 'change' && result.change, JSON.stringify(result));
    const { edits, after, notes } = result.change;
    assert.equal(result.headline, '1 syscall more to allow: socket');
    assert.deepEqual(
      edits.map(({ newText }) => newText),
      [', "socket"'],
    );
    const text = TextDocument.applyEdits(TextDocument.create(uri, 'seccomp', 1, PROFILE), [...edits]);
    assert.equal(text, PROFILE.replace('"execve"', '"execve", "socket"'));
    assert.equal(after, text);
    assert.equal(notes[0]!.name, 'socket');
    await editor.close();
  });

  it('changes nothing where the profile permits all', async () => {
    const editor = await startEditor();
    const result = await ask(editor, { uri: editor.open('{ "defaultAction": "SCMP_ACT_ALLOW" }') });
    assert.ok(result.kind === 'change');
    assert.equal(result.change, undefined);
    await editor.close();
  });

  it('says why there is no profile', async () => {
    const editor = await startEditor();
    const empty = await ask(editor, { traces: [{ name: 'a', text: 'hello' }] });
    assert.ok(
      empty.kind === 'refused' && /^No call was found: 1 trace, 1 line/.test(empty.message),
      JSON.stringify(empty),
    );
    const closed = await ask(editor, { uri: 'file:///nowhere.json' });
    assert.ok(closed.kind === 'refused' && /not open/.test(closed.message));
    const broken = await ask(editor, { uri: editor.open('{}') });
    assert.equal(broken.kind, 'refused');
    await editor.close();
  });
});

describe('seccomp/recordCommand', () => {
  const params = { image: 'x', command: [], conditions: false };

  it('runs nothing without trust', async () => {
    const editor = await startEditor({ initializationOptions: { trusted: false } });
    const result = await editor.request<RecordingResult>('seccomp/recordCommand', params);
    assert.ok(result.kind === 'refused' && /not trusted/.test(result.message));
    await editor.close();
  });

  it('says which engine is missing', async () => {
    const settings = { container: { engine: 'docker', program: '/nowhere/docker' } };
    const editor = await startEditor({ settings, initializationOptions: { settings } });
    const result = await editor.request<RecordingResult>('seccomp/recordCommand', params);
    assert.ok(
      result.kind === 'refused' && /no program `\/nowhere\/docker`/.test(result.message),
      JSON.stringify(result),
    );
    await editor.close();
  });
});
