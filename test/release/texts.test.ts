import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { CHECKS } from '../../server/src/checks/index.ts';
import { checkPage } from '../../server/src/features/check-page.ts';
import { cli } from '../cli/run.ts';
import { killServers, root, startEditor } from '../stdio/client.ts';

const dist = (name: string): string => path.join(root, 'dist', name);

const program = (name: string): string => fs.readFileSync(dist(name), 'utf8');

describe('what a release loads', () => {
  const loadedBy = (name: string): readonly string[] => {
    const code = `require(${JSON.stringify(dist(name))}); console.log(JSON.stringify(Object.keys(require.cache)))`;
    const { stdout } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
    return JSON.parse(stdout).map((file: string) => path.basename(file));
  };

  it('for the server is nothing that somebody has to ask for', () => {
    assert.deepEqual(loadedBy('program-server.cjs').toSorted(), ['program-server.cjs', 'program.cjs', 'protocol.cjs']);
    for (const name of ['program-server.cjs', 'program.cjs']) assert.ok(!program(name).includes('child_process'), name);
  });

  it('for the command line is nothing of the server and the protocol', () => {
    assert.deepEqual(loadedBy('program-cli.cjs').toSorted(), ['program-cli.cjs', 'program-shared.cjs', 'program.cjs']);
  });
});

describe('the client of a release', () => {
  it('has the helpers of the library once, and no matching of versions and patterns', () => {
    const client = fs.readFileSync(dist('client.cjs'), 'utf8');
    const helpers = client.match(/&&\w+\.__importStar\b/g) ?? [];
    assert.ok(helpers.length < 10, `${helpers.length} copies`);
    for (const word of ['SemVer', 'Minimatch']) assert.ok(!client.includes(word), word);
  });
});

describe('what a release packs', () => {
  before(() => {
    for (const name of ['tables.br', 'checks.br'])
      assert.ok(fs.existsSync(dist(name)), `dist/${name} is missing: run npm test -- package release`);
  });
  afterEach(killServers);

  it('is the documentation of every check, to the letter', async () => {
    const { request, close } = await startEditor();
    const pages = await Promise.all(CHECKS.map(({ code }) => request<string>('seccomp/checkPage', { code })));
    assert.deepEqual(pages, CHECKS.map(checkPage));
    await close();
  });

  it('is not in the bundle a second time', () => {
    const names = fs.readdirSync(path.join(root, 'dist')).filter((name) => /^program.*\.cjs$/.test(name));
    const bundle = names.map(program).join('');
    const sentence = (text: string): string => text.split(/[`'"\n\\]/).reduce((a, b) => (a.length > b.length ? a : b));
    for (const { code, explanation } of CHECKS)
      assert.ok(!bundle.includes(sentence(explanation)), `${code} is in the bundle`);
  });

  it('is every table, in one piece', () => {
    const tables = brotliDecompressSync(fs.readFileSync(dist('tables.br'))).toString();
    const folder = path.join(root, 'server/data');
    const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((each) => each.endsWith('.json') && !each.startsWith('PROVENANCE')))
      assert.ok(tables.includes(fs.readFileSync(path.join(folder, name), 'utf8').trim()), `${name} is not whole`);
  });

  it('is what the command line tells of broken rules', () => {
    const { code, summary, explanation, example } = CHECKS.find((check) => check.code === 'mask-zero')!;
    const { stdout } = cli(['check', '--format', 'sarif', '-'], example.bad);
    const { rules } = JSON.parse(stdout).runs[0].tool.driver;
    const rule = rules.find(({ id }: { readonly id: string }) => id === code);
    assert.deepEqual([rule.shortDescription.text, rule.help.text], [summary, explanation]);
  });
});
