import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Editor, killServers, root, startEditor } from './client.ts';

/** Each test has a copy of the product of its own, with what its programs keep of their compiled code. */
let home = '';
const inDist = (...names: readonly string[]): string => path.join(home, 'dist', ...names);

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'seccomp-profiles-code-'));
  fs.mkdirSync(inDist());
  fs.copyFileSync(path.join(root, 'package.json'), path.join(home, 'package.json'));
  for (const name of fs.readdirSync(path.join(root, 'dist'))) {
    if (/\.(?:cjs|br)$/.test(name)) fs.copyFileSync(path.join(root, 'dist', name), inDist(name));
  }
});

afterEach(() => {
  killServers();
  fs.rmSync(home, { recursive: true, force: true });
});

const keptFiles = (): readonly string[] => (fs.existsSync(inDist('.cache')) ? fs.readdirSync(inDist('.cache')) : []);
const codeOf = (start: string): string =>
  inDist('.cache', keptFiles().find((name) => name.startsWith(start)) ?? 'none');

/** What changes when a file is written anew. */
const written = (file: string): number => fs.statSync(file).ino;

async function assertWell(editor: Editor): Promise<void> {
  const found = await editor.pull(editor.open('{ "defaultAction": "SCMP_ACT_ALOW" }'));
  assert.ok(found.some(({ code }) => code === 'unknown-action'));
}

/** A session that lasts until `enough`. */
async function session(enough: () => boolean, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const editor = await startEditor({ file: inDist('server.cjs'), env });
  await assertWell(editor);
  while (!enough()) await new Promise((resolve) => setTimeout(resolve, 20));
  // what is written is written in one go
  await assertWell(editor);
  assert.equal(await editor.close(), 0);
  assert.equal(editor.errors(), '');
}

/** A session that is over before anything could be kept: warming up begins only after it. */
async function shortSession(): Promise<void> {
  await session(() => true);
}

const isKept = (): boolean => fs.existsSync(codeOf('server-program.cjs'));

describe('the compiled code that the server keeps', () => {
  it('lies beside the bundle once the server has warmed up, for its owner to write', async () => {
    await session(isKept);
    assert.ok(keptFiles().length > 0);
    if (process.platform === 'win32') return;
    for (const file of [inDist('.cache'), ...keptFiles().map((name) => inDist('.cache', name))])
      assert.equal(fs.statSync(file).mode & 0o022, 0, file);
  });

  it('is used at the next start, and stays', async () => {
    await session(isKept);
    const files = keptFiles();
    const before = files.map((name) => written(inDist('.cache', name)));
    const from = Date.now();
    await session(() => Date.now() - from > 1000);
    assert.deepEqual(keptFiles(), files);
    assert.deepEqual(
      files.map((name) => written(inDist('.cache', name))),
      before,
    );
  });

  const DAMAGES: Readonly<Record<string, (file: string, whole: Buffer) => void>> = {
    'is cut off': (file, whole) => fs.writeFileSync(file, whole.subarray(0, whole.length / 2)),
    'is empty': (file) => fs.writeFileSync(file, ''),
    'has a byte changed': (file, whole) => {
      const at = Math.floor(whole.length / 3);
      fs.writeFileSync(
        file,
        Buffer.concat([whole.subarray(0, at), Buffer.from([~whole[at]!]), whole.subarray(at + 1)]),
      );
    },
    'is of another program': (file) => {
      assert.equal(check().status, 1);
      fs.copyFileSync(codeOf('cli-program.cjs'), file);
      fs.appendFileSync(inDist('program.cjs'), '\n');
    },
    'is a folder': (file) => {
      fs.rmSync(file);
      fs.mkdirSync(file);
    },
  };
  for (const [what, damage] of Object.entries(DAMAGES))
    it(`harms nothing where it ${what}`, async () => {
      await session(isKept);
      const file = codeOf('server-program.cjs');
      const whole = fs.readFileSync(file);
      damage(file, whole);
      const before = written(file);
      await shortSession();
      if (fs.statSync(file).isDirectory()) return;
      await session(() => written(file) !== before);
      const again = fs.readFileSync(file);
      await shortSession();
      assert.deepEqual(fs.readFileSync(file), again);
    });

  it('is not there where nothing can be written', async () => {
    fs.writeFileSync(inDist('.cache'), '');
    const from = Date.now();
    await session(() => Date.now() - from > 1000);
    assert.equal(fs.readFileSync(inDist('.cache'), 'utf8'), '');
    assert.equal(check().status, 1);
  });

  it('is not there where Node is told to keep none', async () => {
    const from = Date.now();
    await session(() => Date.now() - from > 1000, { NODE_DISABLE_COMPILE_CACHE: '1' });
    assert.deepEqual(keptFiles(), []);
  });

  it('takes the place of what other releases of Node have left', async () => {
    fs.mkdirSync(inDist('.cache'));
    for (let i = 0; i < 30; i++) {
      fs.writeFileSync(inDist('.cache', `server-program.cjs-0-${i}`), 'old');
      fs.utimesSync(inDist('.cache', `server-program.cjs-0-${i}`), i, i);
    }
    await session(() => keptFiles().length < 30);
    assert.ok(!keptFiles().includes('server-program.cjs-0-0'));
    assert.ok(keptFiles().length <= 18);
    assert.ok(keptFiles().some((name) => name.startsWith('server-program') && !name.includes('-0-')));
  });
});

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [inDist('cli.cjs'), ...args], {
    encoding: 'utf8',
    input: '{ "defaultAction": "SCMP_ACT_ALOW" }',
  });
const check = () => run('check', '-');

describe('the compiled code that the command line keeps', () => {
  it('changes nothing of what it says', () => {
    const first = check();
    assert.equal(first.status, 1);
    const file = codeOf('cli-program.cjs');
    const before = written(file);
    const { pid: _, ...second } = check();
    const { pid: __, ...expected } = first;
    assert.deepEqual(second, expected);
    assert.equal(written(file), before);
    fs.writeFileSync(file, fs.readFileSync(file).fill(7, 1000, 2000));
    const { pid: ___, ...third } = check();
    assert.deepEqual(third, expected);
    assert.notEqual(written(file), before);
  });

  it('is not of runs that do nothing', () => {
    assert.equal(run('--version').status, 0);
    assert.equal(run('--help').status, 0);
    assert.equal(run('chek').status, 2);
    assert.equal(run().status, 2);
    assert.deepEqual(keptFiles(), []);
  });
});

describe('the bundle', () => {
  it('is ASCII, which takes half the memory of other text', () => {
    for (const name of fs.readdirSync(inDist()).filter((each) => each.endsWith('.cjs')))
      assert.ok(!fs.readFileSync(inDist(name)).some((byte) => byte > 127), name);
  });

  it('tells where an error comes from as if Node had loaded it', () => {
    fs.writeFileSync(inDist('program-server.cjs'), `/* */ exports.start = () => { throw new Error('here'); };`);
    const { stderr } = spawnSync(process.execPath, [inDist('server.cjs')], { encoding: 'utf8' });
    assert.ok(stderr.includes(`${inDist('program-server.cjs')}:1:37`), stderr);
  });
});
