import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CancellationTokenSource, type CodeLens } from 'vscode-languageserver/node';
import type { EngineStatus, TestResult } from '../../server/src/protocol.ts';
import { example, killServers, progressSteps, startEditor } from './client.ts';

const folders: string[] = [];

afterEach(() => {
  killServers();
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

/** Settings with a stand-in for an engine's program: a script that does this. */
function engine(script: string): object {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seccomp-profiles-test-'));
  folders.push(folder);
  const program = path.join(folder, 'docker');
  fs.writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { container: { engine: 'docker', program } };
}

const DEAD = 'echo "Cannot connect to the Docker daemon. Is the docker daemon running?" >&2; exit 1';

async function editorWith(script: string, more: object = {}) {
  const settings = engine(script);
  const editor = await startEditor({ settings, initializationOptions: { settings, ...more } });
  return { ...editor, uri: editor.open(example('deny-list.json')) };
}

describe('tests in containers', () => {
  it('say what to do when no engine runs, and keep the outcome above the profile', async () => {
    const { request, uri, close } = await editorWith(DEAD, { clientCommands: true });
    const result = await request<TestResult>('seccomp/testInContainer', { uri });
    assert.ok(result.kind === 'report');
    assert.equal(result.outcome, 'no-engine');
    assert.match(result.markdown, /Start it/);
    const titles = async () =>
      (await request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } })).map(
        ({ command }) => command?.title,
      );
    assert.equal((await titles())[1], result.headline);
    await close();
  });

  it('mark the outcome of an older version', async () => {
    const { request, change, uri, close } = await editorWith(DEAD);
    await request<TestResult>('seccomp/testInContainer', { uri });
    change(uri, 2, [{ text: example('conditional.json') }]);
    const lenses = await request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    assert.match(lenses[1]?.command?.title ?? '', /before the last change/);
    await close();
  });

  it('tell how they get on, and end at once when cancelled', async () => {
    const { connection, uri, close } = await editorWith('sleep 100');
    const cancel = new CancellationTokenSource();
    const { steps, started } = progressSteps(connection);
    const params = { uri, workDoneToken: 'token' };
    const tested = connection.sendRequest<TestResult>('seccomp/testInContainer', params, cancel.token);
    await started;
    cancel.cancel();
    const result = await tested;
    assert.ok(result.kind === 'report' && result.outcome === 'cancelled');
    assert.deepEqual([steps[0], steps.at(-1)], ['begin', 'end']);
    await close();
  });

  it('are ended by shutdown', async () => {
    const { connection, uri, close } = await editorWith('sleep 100');
    const started = new Promise<void>((resolve) => connection.onNotification('$/progress', () => resolve()));
    const tested = connection.sendRequest<TestResult>('seccomp/testInContainer', { uri, workDoneToken: 1 });
    await started;
    assert.equal(await close(), 0);
    const result = await tested;
    assert.ok(result.kind === 'report' && result.outcome === 'cancelled');
  });

  it('are a command for editors without the extension', async () => {
    const { request, uri, asked, close } = await editorWith(DEAD);
    const result = await request<TestResult>('workspace/executeCommand', {
      command: 'seccomp.testInContainer',
      arguments: [uri],
    });
    assert.ok(result.kind === 'report');
    assert.ok(asked.includes('window/workDoneProgress/create'));
    await close();
  });

  it('run nothing in a workspace that is not trusted until it is', async () => {
    const mark = path.join(os.tmpdir(), `seccomp-profiles-mark-${process.pid}`);
    fs.rmSync(mark, { force: true });
    const { request, notify, uri, close } = await editorWith(`touch ${mark}; exit 1`, { trusted: false });
    for (const method of ['seccomp/testInContainer', 'seccomp/engineStatus', 'seccomp/repair', 'seccomp/tighten']) {
      const { kind } = await request<{ kind: string }>(method, { uri });
      assert.equal(kind, 'refused');
    }
    assert.ok(!fs.existsSync(mark), 'the engine was run');
    notify('seccomp/trust');
    const result = await request<TestResult>('seccomp/testInContainer', { uri });
    assert.equal(result.kind, 'report');
    assert.ok(fs.existsSync(mark));
    fs.rmSync(mark);
    await close();
  });

  it('refuse documents that are not open', async () => {
    const { request, close } = await editorWith(DEAD);
    for (const params of [{ uri: 'file:///nowhere' }, {}, null]) {
      const result = await request<TestResult>('seccomp/testInContainer', params);
      assert.equal(result.kind, 'refused');
    }
    await close();
  });

  it('can be preceded by a look at the engine', async () => {
    const { request, close } = await editorWith(DEAD);
    const status = await request<EngineStatus>('seccomp/engineStatus', null);
    assert.ok(status.kind === 'none' && status.problems.length === 1);
    await close();
  });
});

describe('pages of diagnostics', () => {
  it('are made from the check', async () => {
    const { request, close } = await startEditor();
    const page = await request<string>('seccomp/checkPage', { code: 'unknown-syscall' });
    assert.match(page, /^# unknown-syscall\n/);
    assert.match(page, /## Example/);
    for (const params of [{ code: 'no-such-code' }, { code: 7 }, {}])
      assert.equal(await request('seccomp/checkPage', params), null);
    await close();
  });
});
