import assert from 'node:assert/strict';
import { actions, editDistance, similar, syscallNames } from '../../../server/src/catalog/index.ts';

describe('similar names', () => {
  it('finds the name that a typing mistake meant first', () => {
    const typos: Readonly<Record<string, string>> = {
      getuidd: 'getuid',
      mkdr: 'mkdir',
      opneat: 'openat',
      sokcet: 'socket',
      GETUID: 'getuid',
      ' chmod ': 'chmod',
      clock_gettiem: 'clock_gettime',
    };
    for (const [typo, meant] of Object.entries(typos)) assert.equal(similar(typo, syscallNames())[0], meant, typo);
  });

  it('works on other vocabularies', () => {
    const names = actions().map(({ name }) => name);
    assert.equal(similar('SCMP_ACT_ALOW', names)[0], 'SCMP_ACT_ALLOW');
    assert.equal(similar('scmp_act_errno', names)[0], 'SCMP_ACT_ERRNO');
  });

  it('gives no more than asked and never the word itself', () => {
    assert.equal(similar('getuix', syscallNames(), 2).length, 2);
    assert.ok(!similar('getuid', syscallNames()).includes('getuid'));
  });

  it('gives nothing for words that are near to none', () => {
    assert.deepEqual(similar('completely_else', syscallNames()), []);
    assert.deepEqual(similar('', syscallNames()), []);
  });

  it('counts swapped neighbours once and stops at the limit', () => {
    assert.equal(editDistance('open', 'oepn', 3), 1);
    assert.equal(editDistance('kitten', 'sitting', 5), 3);
    assert.equal(editDistance('abcdef', 'uvwxyz', 2), 3);
    assert.equal(editDistance('', 'ab', 3), 2);
  });
});
