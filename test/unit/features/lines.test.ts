import assert from 'node:assert/strict';
import { linesIn, linesOf } from '../../../server/src/features/lines.ts';

describe('the lines of a text', () => {
  it('are counted from zero and end before their break', () => {
    const text = 'a\n\r\nbc\r\n\nd';
    const lines = linesOf(text);
    for (let offset = 0; offset <= text.length; offset++)
      assert.equal(lines.lineAt(offset), text.slice(0, offset).split('\n').length - 1);
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((line) => lines.endOf(line)),
      [1, 2, 6, 8, 10],
    );
  });

  it('are found once for each version of a document', () => {
    const version = { text: 'a\nb' };
    assert.equal(linesIn(version), linesIn(version));
    const next = { text: 'a\n\nb' };
    assert.deepEqual([linesIn(version).lineAt(3), linesIn(next).lineAt(3)], [1, 2]);
  });
});
