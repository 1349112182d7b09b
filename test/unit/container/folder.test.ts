import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inFolder, makeFolder, sweepFolders } from '../../../server/container/folder.ts';

describe('folders for temporary files', () => {
  const { TMPDIR } = process.env;
  let parent = '';

  beforeEach(() => {
    parent = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-folder-'));
    process.env.TMPDIR = parent;
  });

  afterEach(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    fs.rmSync(parent, { recursive: true });
  });

  it('are gone when they are not needed any more, and only their user can read them', async () => {
    const mode = await inFolder(async (write) => {
      const file = await write('profile.json', '{}');
      return [file, path.dirname(file)].map((each) => (fs.statSync(each).mode & 0o777).toString(8));
    });
    assert.deepEqual(mode, ['600', '700']);
    await assert.rejects(inFolder(() => Promise.reject(new Error('x'))));
    assert.deepEqual(fs.readdirSync(parent), []);
  });

  it('are removed when the process that made them is dead for certain', async () => {
    const own = path.basename(await makeFolder());
    const pid = String(spawnSync('true').pid);
    const dead = own.replace(/\d+/, pid);
    const kept = [own, `${dead}x`, dead.replace(os.hostname(), `x${os.hostname()}`), 'seccomp-profiles-abcdef'];
    for (const name of [dead, ...kept.slice(1)]) fs.mkdirSync(path.join(parent, name));
    fs.writeFileSync(path.join(parent, dead, 'profile.json'), '{}');
    await sweepFolders();
    assert.deepEqual(fs.readdirSync(parent).toSorted(), kept.toSorted());
  });
});
