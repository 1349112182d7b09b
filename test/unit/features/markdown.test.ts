import assert from 'node:assert/strict';
import { shorten } from '../../../server/src/checks/text/words.ts';
import { code } from '../../../server/src/features/markdown.ts';

describe('a piece of a file that is shown', () => {
  it('is cut between characters, not within one', () => {
    assert.equal(shorten('ab😀cd', 3), 'ab…');
    assert.equal(shorten('ab😀cd', 4), 'ab😀…');
    assert.equal(shorten('ab😀', 4), 'ab😀');
    for (const most of [1, 2, 3, 4, 5]) assert.doesNotThrow(() => encodeURIComponent(code('😀😀😀', most)), `${most}`);
  });

  it('stands on one line, behind a fence that its backticks do not end', () => {
    assert.equal(code('a\n\t``b'), '``` a ``b ```');
  });
});
