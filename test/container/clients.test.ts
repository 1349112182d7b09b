import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after, afterEach, describe, it } from 'mocha';
import type { CodeLens } from 'vscode-languageserver/node';
import type { TestResult } from '../../server/src/protocol.ts';
import { killServers, MINIMAL, root, startEditor } from '../stdio/client.ts';
import { docker, engineSettings, inventory } from './use-engine.ts';

/** A call that the tests' engine is too old to know, and one that it knows. */
const profile = (...names: readonly string[]): string =>
  JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names, action: 'SCMP_ACT_ERRNO' }] }, null, 2);
const KNOWN = profile('mkdirat');
const TOO_NEW = profile('mkdirat', 'open_tree_attr');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-clients-'));
after(() => fs.rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const at = path.join(folder, name);
  fs.writeFileSync(at, text);
  return at;
}

function start(...args: readonly string[]) {
  const env = { ...process.env, ...engineSettings().env };
  const child = spawn(process.execPath, [path.join(root, 'dist/cli.cjs'), 'verify', ...args], { env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([status]) => ({ status, stdout, stderr }));
  return { child, ended };
}

describe('verify in a terminal', function () {
  this.timeout(120_000);

  it('ends with 0 where every call is as written', async () => {
    const { status, stdout, stderr } = await start(file('known.json', KNOWN)).ended;
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /known\.json: Verified in Docker \S+ · runc \S+ · kernel \S+: (\d+) of \1 as written\n$/);
  });

  it('ends with 1 where one is not, says where, and why', async () => {
    const { status, stdout } = await start(file('new.json', TOO_NEW), '--engine', 'docker').ended;
    assert.equal(status, 1);
    assert.match(
      stdout,
      /new\.json:7:9: In Docker .*: open_tree_attr reaches the kernel\. As written: fails with EPERM\./,
    );
    assert.match(stdout, /does not know this name, so it is dropped\.\n$/);
  });

  it('says the same to programs', async () => {
    const { status, stdout } = await start(file('new.json', TOO_NEW), '--format', 'json').ended;
    const { files } = JSON.parse(stdout);
    assert.equal(status, 1);
    assert.equal(files[0].outcome, 'ran');
    assert.equal(files[0].syscalls.tried - files[0].syscalls.asWritten, 1);
    const [{ calls, line, column, seen, expected }] = files[0].differences;
    assert.deepEqual([calls, line, column], [['open_tree_attr'], 7, 9]);
    assert.deepEqual([seen, expected], ['reaches the kernel', 'fails with EPERM']);
  });

  it('ends with 1 where no container starts, and with 2 where there is no engine', async () => {
    const refused = await start(file('refused.json', '{"defaultAction":"SCMP_ACT_DENY"}')).ended;
    assert.equal(refused.status, 1);
    assert.match(refused.stdout, /No container starts[\s\S]*`SCMP_ACT_DENY` is no action/);
    const none = await start(file('known.json', KNOWN), '--engine', 'nerdctl').ended;
    assert.equal(none.status, 2);
    assert.match(none.stdout, /No container engine[\s\S]*nerdctl/);
  });

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    it(`ends with ${expected} by ${signal}, and nothing is left`, async () => {
      const before = await inventory();
      const { child, ended } = start(file('known.json', KNOWN));
      while ((await docker('container', 'ls', '--all', '--quiet')) === '' && child.exitCode === null) await delay(20);
      child.kill(signal);
      assert.equal((await ended).status, expected);
      assert.deepEqual(await inventory(), before);
    });
});

describe('verify in an editor', function () {
  this.timeout(120_000);
  afterEach(() => killServers());

  const settings = () => ({ container: { engine: 'docker', environment: engineSettings().env } });

  it('shows differences on the rule, under the engine’s name, until the next edit', async () => {
    const editor = await startEditor({ settings: settings(), initializationOptions: { settings: settings() } });
    const uri = editor.open(TOO_NEW);
    const mine = async () => (await editor.pull(uri)).filter(({ source }) => source === 'docker');
    assert.deepEqual(await mine(), []);
    const result = await editor.request<TestResult>('seccomp/testInContainer', { uri });
    assert.ok(result.kind === 'report');
    assert.match(result.headline, /^Verified in Docker .*: \d+ of \d+ as written$/);
    assert.match(result.markdown, /## Different/);
    await editor.askedFor('workspace/diagnostic/refresh');
    const [diagnostic, ...more] = await mine();
    assert.deepEqual(diagnostic?.range.start, { line: 6, character: 8 });
    assert.match(String(diagnostic?.message), /open_tree_attr reaches the kernel/);
    assert.deepEqual(more, []);
    const lenses = async () =>
      (await editor.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } })).map(
        (each) => each.command?.title,
      );
    assert.ok((await lenses()).includes(result.headline));
    editor.change(uri, 2, [{ text: `${TOO_NEW}\n` }]);
    assert.deepEqual(await mine(), []);
    assert.ok((await lenses()).includes(`${result.headline} (before the last change)`));
    await editor.close();
  });

  it('shows them in editors that are told', async () => {
    const editor = await startEditor({ capabilities: MINIMAL, initializationOptions: { settings: settings() } });
    const uri = editor.open(TOO_NEW);
    const shown = editor.pushed(uri, ({ diagnostics }) => diagnostics.some(({ source }) => source === 'docker'));
    await editor.request<TestResult>('seccomp/testInContainer', { uri });
    await shown;
    editor.change(uri, 2, [{ text: `${TOO_NEW}\n` }]);
    await editor.pushed(uri, ({ diagnostics }) => diagnostics.every(({ source }) => source === 'seccomp'));
    await editor.close();
  });
});
