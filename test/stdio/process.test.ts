import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { killServers, root, startEditor } from './client.ts';

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [path.join(root, 'dist/server.cjs'), ...args], { encoding: 'utf8', input: '' });

const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

afterEach(killServers);

describe('the server as a program', () => {
  it('tells its version', () => {
    const { status, stdout } = run('--version');
    assert.deepEqual([status, stdout.trim()], [0, version]);
  });

  it('explains itself', () => {
    const { status, stdout } = run('--help');
    assert.equal(status, 0);
    for (const option of ['--stdio', '--node-ipc', '--version', '--help']) assert.match(stdout, new RegExp(option));
  });

  for (const args of [[], ['--stdout'], ['--stdio', '--node-ipc'], ['--stdio', 'profile.json']])
    it(`refuses ${JSON.stringify(args)} and says what it takes`, () => {
      const { status, stdout, stderr } = run(...args);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /--stdio/);
    });

  it('is started by its name in a checkout', () => {
    const { stdout } = spawnSync('npx', ['--no-install', 'seccomp-language-server', '--version'], {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    assert.equal(stdout.trim(), version);
  });
});

describe('a conversation', () => {
  it('begins with what the server can do', async () => {
    const { initialized, close } = await startEditor();
    assert.deepEqual(initialized.serverInfo, { name: 'seccomp-language-server', version });
    const { positionEncoding, textDocumentSync, codeActionProvider, executeCommandProvider } = initialized.capabilities;
    assert.equal(positionEncoding, 'utf-16');
    assert.deepEqual(textDocumentSync, { openClose: true, change: 2, save: true });
    assert.deepEqual(codeActionProvider, {
      codeActionKinds: ['quickfix', 'source.fixAll.seccomp', 'refactor.rewrite'],
      resolveProvider: true,
    });
    assert.ok(executeCommandProvider?.commands.includes('seccomp.testInContainer'));
    await close();
  });

  it('offers no commands to a client that has its own', async () => {
    const { initialized, close } = await startEditor({ initializationOptions: { clientCommands: true } });
    assert.equal(initialized.capabilities.executeCommandProvider, undefined);
    await close();
  });

  it('ends with exit status 0 after shutdown, with nothing on standard error', async () => {
    const { close, errors } = await startEditor();
    assert.equal(await close(), 0);
    assert.equal(errors(), '');
  });

  it('ends with exit status 1 without shutdown', async () => {
    const { process: server, notify } = await startEditor();
    const exit = once(server, 'exit');
    notify('exit');
    assert.deepEqual(await exit, [1, null]);
  });

  it('ends when the editor hangs up', async () => {
    const { process: server } = await startEditor();
    const exit = once(server, 'exit');
    server.stdin?.end();
    const [status] = await exit;
    assert.notEqual(status, null);
  });

  for (const options of [null, 'text', 7, [], { settings: 'none', trusted: 'maybe', documentation: 3 }])
    it(`survives initializationOptions ${JSON.stringify(options)}`, async () => {
      const { close } = await startEditor({ initializationOptions: options });
      assert.equal(await close(), 0);
    });
});
