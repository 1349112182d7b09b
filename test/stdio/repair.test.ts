import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CancellationTokenSource } from 'vscode-languageserver/node';
import type { SearchResult } from '../../server/src/protocol.ts';
import { killServers, progressSteps, startEditor } from './client.ts';

const folders: string[] = [];

afterEach(() => {
  killServers();
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

const PROFILE = '{\n  "defaultAction": "SCMP_ACT_ERRNO"\n}\n';

/** An editor with a profile open, and a stand-in for an engine's program: a script that does this. */
async function editorWith(script: string) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seccomp-profiles-test-'));
  folders.push(folder);
  const program = path.join(folder, 'docker');
  fs.writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const settings = { container: { engine: 'docker', program } };
  const editor = await startEditor({ settings, initializationOptions: { settings } });
  return { ...editor, uri: editor.open(PROFILE) };
}

/** Passes where the profile has `"mkdir"` in it. */
const ENGINE = `here=$(dirname "$0")
for last; do :; done
case "$1 $2" in
version*) echo '{"Server": {"Version": "28.5.2"}}' ;;
info*) echo '{"KernelVersion": "6.18.4", "Architecture": "x86_64", "SecurityOptions": ["name=seccomp"]}' ;;
create*)
  while [ $# -gt 0 ]; do
    case "$1" in --name) id=$2 ;; seccomp=*) profile=\${1#seccomp=} ;; esac
    shift
  done
  if [ "$profile" = unconfined ] || grep -q '"mkdir"' "$profile"; then echo 0; else echo 1; fi > "$here/$id"
  echo id ;;
start*) exit "$(cat "$here/$last")" ;;
'container inspect') echo '[{"State": {"StartedAt": "2026-01-01T00:00:00Z", "ExitCode": '"$(cat "$here/$last")"'}}]' ;;
esac`;

describe('repairs', () => {
  it('give the text as it should be, one edit to it, and the risk at each name', async () => {
    const { request, uri, close } = await editorWith(ENGINE);
    const result = await request<SearchResult>('seccomp/repair', { uri, image: 'i', command: ['x'] });
    assert.ok(result.kind === 'report' && result.change, JSON.stringify(result));
    const { before, after, edits, notes, doubtful } = result.change;
    assert.equal(before, PROFILE);
    assert.deepEqual(JSON.parse(after).syscalls, [{ names: ['mkdir'], action: 'SCMP_ACT_ALLOW' }]);
    assert.equal(edits.length, 1);
    assert.equal(doubtful, false);
    const line = after.split('\n')[notes[0]!.range.start.line]!;
    assert.equal(line.slice(notes[0]!.range.start.character, notes[0]!.range.end.character), '"mkdir"');
    assert.deepEqual([notes[0]!.name, notes[0]!.text], ['mkdir', 'create a directory']);
    assert.match(result.markdown, /^# With mkdir allowed it passes: x\n/);
    await close();
  });

  it('refuse documents that are not open', async () => {
    const { request, close } = await editorWith('exit 1');
    for (const params of [{ uri: 'file:///nowhere' }, {}, null])
      assert.equal((await request<SearchResult>('seccomp/repair', params)).kind, 'refused');
    await close();
  });

  it('say what to do when no engine runs', async () => {
    const { request, uri, close } = await editorWith('echo "Cannot connect to the Docker daemon" >&2; exit 1');
    const result = await request<SearchResult>('seccomp/tighten', { uri });
    assert.ok(result.kind === 'report' && !result.change);
    assert.match(result.markdown, /Start it/);
    await close();
  });

  it('end at once when cancelled, and by shutdown', async () => {
    const { connection, uri, close } = await editorWith('sleep 100');
    const cancel = new CancellationTokenSource();
    const { steps, started } = progressSteps(connection);
    const first = connection.sendRequest<SearchResult>('seccomp/repair', { uri, workDoneToken: 'a' }, cancel.token);
    await started;
    cancel.cancel();
    assert.deepEqual(await first, { kind: 'cancelled' });
    assert.deepEqual([steps[0], steps.at(-1)], ['begin', 'end']);
    const second = connection.sendRequest<SearchResult>('seccomp/tighten', { uri, workDoneToken: 'b' });
    assert.equal(await close(), 0);
    assert.deepEqual(await second, { kind: 'cancelled' });
  });
});
