import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

interface Prose {
  withoutProse(source: string, code: string): string;
}

const { withoutProse }: Prose = await import(pathToFileURL(path.resolve('scripts/lib/prose.mjs')).href);

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
