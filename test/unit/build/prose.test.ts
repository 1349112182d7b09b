import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { type SettingSpec, settingsTable } from '../../../server/src/settings-table.ts';

interface Prose {
  withoutProse(source: string, code: string): string;
  withoutDescriptions(source: string): string;
}

const library = (name: string) => import(pathToFileURL(path.resolve('scripts/lib', name)).href);
const { withoutProse, withoutDescriptions }: Prose = await library('prose.mjs');
const { tables }: { tables(): Plugin } = await library('tables.mjs');

const check = (documentation: string): string => `export const one: Check = {
  code: 'one',
${documentation}
  *find() {},
};
`;

const DOCUMENTATION = `  summary: 'It\\'s one.',
  explanation: \`With \\\`names\\\` and $ signs,
  example: {
and braces.\`,
  example: {
    // as it was found
    bad: \`{
  "a": {
  },
}\`,
    good: '{}',
    runtime: 'podman',
  },`;

describe('the source of a check in a release', () => {
  it('has no prose', () => {
    const expected = check('  __proto__: documented,');
    assert.equal(withoutProse(check(DOCUMENTATION), 'one'), `import { documented } from 'packed:checks';\n${expected}`);
  });

  it('may work out an example', () => {
    const getter = `    get good() {
      return copy({
        a: 1,
      });
    },`;
    const source = check(DOCUMENTATION.replace("    good: '{}',", getter));
    assert.equal(withoutProse(source, 'one'), withoutProse(check(DOCUMENTATION), 'one'));
  });

  const OTHERS = {
    'a text that is put together': DOCUMENTATION.replace('$ signs', `\${SIGNS}`),
    'an example from elsewhere': DOCUMENTATION.replace("'{}'", 'example()'),
    'another order': DOCUMENTATION.replace('summary', 'explanation').replace('explanation: `', 'summary: `'),
    'no prose': '',
    'prose twice': `${DOCUMENTATION}\n${DOCUMENTATION}`,
  };
  for (const [what, source] of Object.entries(OTHERS))
    it(`is refused with ${what}`, () => assert.throws(() => withoutProse(check(source), 'one'), /^Error: one\.ts/));
});

describe('the settings of a release', () => {
  it('are what they were, but for what only the manifest tells', async () => {
    const contents = withoutDescriptions(fs.readFileSync('server/src/settings-table.ts', 'utf8'));
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: path.resolve('server/src'), loader: 'ts' },
      bundle: true,
      write: false,
      format: 'esm',
      plugins: [tables()],
    });
    const text = outputFiles[0]?.text ?? '';
    const made: { settingsTable: typeof settingsTable } = await import(
      `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`
    );
    assert.deepEqual(made.settingsTable().map(essence), settingsTable().map(essence));
    assert.ok(made.settingsTable().every((setting) => setting.description === undefined));
  });
});

/** What the server reads of a setting. */
function essence({ key, schema }: SettingSpec): object {
  const told = ['enumDescriptions', 'patternErrorMessage'];
  return { key, schema: Object.entries(schema).filter(([name]) => !told.includes(name)) };
}
