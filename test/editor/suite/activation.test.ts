import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, current, languageBecomes, openText, poll } from './helpers.ts';

/** Long enough for a server to start that should not. */
const GRACE_MS = 2000;

/** Whether this extension host, in which the extension runs too, has started the server. */
function serverRuns(): boolean {
  const host = process as unknown as { _getActiveHandles(): readonly { readonly spawnargs?: readonly string[] }[] };
  const started = host._getActiveHandles().flatMap(({ spawnargs = [] }) => spawnargs);
  return started.some((each) => /seccomp-profiles[^/\\]*[/\\]dist[/\\]server\.cjs$/.test(each));
}

// the first file of the suite: the server that a profile has started goes on
describe('the server', () => {
  after(closeEditors);

  it('is not started by JSON that is no profile', async () => {
    const texts = ['{ "name": "a", "version": "1.0.0" }', '{ "compilerOptions": {} } // a comment', '[]'];
    const opened: vscode.TextDocument[] = [];
    for (const [i, text] of texts.entries()) opened.push(await openText(text, i === 1 ? 'jsonc' : 'json'));
    const extension = vscode.extensions.getExtension('seccomp-profiles.seccomp-profiles');
    await poll('the extension is active', () => extension?.isActive);
    await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
    assert.deepEqual(
      opened.map((document) => current(document).languageId),
      ['json', 'jsonc', 'json'],
    );
    assert.ok(!serverRuns(), 'the server runs');
  });

  it('is started by a profile', async () => {
    const profile = await openText('{ "defaultAction": "SCMP_ACT_ALLOW" }');
    await languageBecomes(profile, 'seccomp');
    await poll('the server runs', serverRuns);
  });
});
