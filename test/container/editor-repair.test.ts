import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, afterEach, before, describe, it } from 'mocha';
import type { CodeLens } from 'vscode-languageserver/node';
import type { SearchResult, TestResult } from '../../server/src/protocol.ts';
import { killServers, startEditor } from '../stdio/client.ts';
import { addRootImage, busybox } from './root-image.ts';
import { docker, engineSettings, inventory } from './use-engine.ts';

const IMAGE = 'sp-test:editor-repair';
const DENYING = JSON.stringify(
  { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO' }] },
  null,
  2,
);
const mkdir = (path: string): readonly string[] => ['/bin/busybox', 'mkdir', path];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-repair-'));
const file = path.join(folder, 'web.json');
fs.writeFileSync(file, DENYING);
after(() => fs.rmSync(folder, { recursive: true }));

/** An editor whose tests run this command. */
async function editorFor(command: readonly string[]) {
  const settings = { container: { engine: 'docker', environment: engineSettings().env, image: IMAGE, command } };
  const editor = await startEditor({ settings, initializationOptions: { settings, clientCommands: true } });
  const uri = editor.open(DENYING, { uri: pathToFileURL(file).href });
  const lenses = async () =>
    (await editor.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } })).map(({ command: it }) => it);
  return { ...editor, uri, lenses };
}

describe('repair in an editor', function () {
  this.timeout(120_000);

  before(async () => addRootImage(engineSettings().env, IMAGE, [await busybox()]));
  afterEach(() => killServers());
  after(() => docker('image', 'rm', IMAGE));

  it('is offered where the own program fails under the profile alone', async () => {
    const editor = await editorFor(mkdir('/x'));
    const result = await editor.request<TestResult>('seccomp/testInContainer', { uri: editor.uri });
    const repair = { image: IMAGE, command: mkdir('/x') };
    assert.ok(result.kind === 'report');
    assert.deepEqual(result.repair, repair);
    const lens = (await editor.lenses()).find((each) => each?.title === 'Repair…');
    assert.deepEqual(lens?.command, 'seccomp.repair');
    assert.deepEqual(lens?.arguments, [editor.uri, repair]);
    await editor.close();
  });

  it('is not offered where it fails without the profile too', async () => {
    const editor = await editorFor(mkdir('/no/such/place'));
    const result = await editor.request<TestResult>('seccomp/testInContainer', { uri: editor.uri });
    assert.ok(result.kind === 'report' && result.outcome === 'ran');
    assert.equal(result.repair, undefined);
    assert.ok(!(await editor.lenses()).some((each) => each?.title === 'Repair…'));
    await editor.close();
  });

  it('takes test cases as they are in the editor', async () => {
    const left = await inventory();
    const editor = await editorFor([]);
    const repair = (cases: readonly object[]) => {
      const tests = { uri: editor.uri.replace('.json', '.test.json'), text: JSON.stringify({ cases }) };
      return editor.request<SearchResult>('seccomp/repair', { uri: editor.uri, cases: tests });
    };
    const made = await repair([{ name: 'makes a folder', image: IMAGE, command: mkdir('/x'), expect: { exit: 0 } }]);
    assert.ok(made.kind === 'report' && made.change, JSON.stringify(made));
    assert.deepEqual(JSON.parse(made.change.after).syscalls[0].names, ['mkdirat']);
    const wrong = await repair([{ name: 'wrong', expect: { exit: 'no' } }]);
    assert.ok(wrong.kind === 'refused' && /is not right/.test(wrong.message), JSON.stringify(wrong));
    await editor.close();
    assert.deepEqual(await inventory(), left);
  });
});
