import { deepEqual, equal, throws } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { missingForStart } from './start.ts';
import { defects, type Profile, unknownTerms } from './vocabulary.ts';

const files = readdirSync('examples').filter((name) => /^[^.]+\.json$/.test(name));
const read = (file: string) => readFileSync(`examples/${file}`, 'utf8');
const profileOf = (file: string): Profile => JSON.parse(read(file));

describe('examples', () => {
  it('are these', () =>
    deepEqual(files.sort(), [
      'allow-list.json',
      'conditional.json',
      'deny-list.json',
      'docker-like.json',
      'tutorial.json',
    ]));

  for (const file of files.filter((name) => name !== 'tutorial.json')) {
    it(`${file} is strict JSON and sound`, () => {
      deepEqual(unknownTerms(read(file)), []);
      deepEqual(defects(profileOf(file)), []);
    });
  }

  for (const file of ['allow-list.json', 'docker-like.json']) {
    it(`${file} lets a container start`, () => deepEqual(missingForStart(profileOf(file)), []));
  }

  it('conditional.json has a rule with two conditions', () => {
    equal(profileOf('conditional.json').syscalls.filter((rule) => rule.args?.length === 2).length, 1);
  });

  describe('tutorial.json', () => {
    it('is broken', () => {
      throws(() => JSON.parse(read('tutorial.json')), SyntaxError);
    });

    it('lacks one comma and has one too many, and nothing else is wrong with its JSON', () => {
      const mended = read('tutorial.json')
        .replace(/\}(\s*\{)/, '},$1')
        .replace(/,(\s*\])/, '$1');
      const { defaultAction, architectures, syscalls } = JSON.parse(mended);
      deepEqual(
        { defaultAction, architectures, syscalls },
        {
          defaultAction: 'SCMP_ACT_ALLOW',
          architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
          syscalls: ['mkdir', 'chmod', 'chown'].map((name) => ({ name, action: 'SCMP_ACT_ERRNO', args: [] })),
        },
      );
    });
  });
});
