import assert from 'node:assert/strict';
import { applyEdits, collectEdits, removeFromList } from '../../../server/src/checks/edits.ts';

const TEXT = '[ 1, 22,\n 3 ]';
const SPANS = [
  { start: 2, end: 3 },
  { start: 5, end: 7 },
  { start: 10, end: 11 },
];

describe('removing from a list', () => {
  const without = (...doomed: readonly number[]) =>
    applyEdits(TEXT, removeFromList(TEXT, SPANS, new Set(doomed.map((i) => SPANS[i]!))));

  it('takes the comma and the white space along, wherever the element stands', () => {
    assert.equal(without(0), '[ 22,\n 3 ]');
    assert.equal(without(1), '[ 1,\n 3 ]');
    assert.equal(without(2), '[ 1, 22 ]');
    assert.equal(without(0, 1), '[ 3 ]');
    assert.equal(without(2, 0), '[ 22 ]');
    assert.equal(without(1, 2), '[ 1 ]');
    assert.equal(without(0, 1, 2), '[  ]');
  });

  it('leaves a list alone that has no such element', () => {
    assert.equal(without(), TEXT);
    assert.deepEqual(removeFromList(TEXT, SPANS, new Set([{ start: 5, end: 7 }])), []);
    assert.deepEqual(removeFromList(TEXT, [], new Set()), []);
  });
});

describe('collected edits', () => {
  const edit = (start: number, end: number) => ({ start, end, text: 'x' });

  it('stay in the order of the text, whatever order they come in', () => {
    const { edits, add } = collectEdits();
    for (const [start, end] of [
      [8, 9],
      [1, 2],
      [4, 6],
    ] as const)
      assert.equal(add([edit(start, end)]), true);
    assert.deepEqual(
      edits.map(({ start }) => start),
      [1, 4, 8],
    );
  });

  it('do not touch each other’s text, nor share a place of insertion', () => {
    const { edits, add } = collectEdits();
    assert.equal(add([edit(2, 5), edit(7, 7)]), true);
    for (const refused of [edit(4, 6), edit(3, 3), edit(1, 3), edit(2, 5), edit(7, 7), edit(6, 8)])
      assert.equal(add([refused]), false, JSON.stringify(refused));
    assert.equal(add([edit(0, 1), edit(4, 6)]), false);
    assert.equal(edits.length, 2, 'all of a fix or nothing');
    assert.equal(add([edit(5, 6)]), true);
  });
});
