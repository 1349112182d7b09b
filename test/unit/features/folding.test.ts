import assert from 'node:assert/strict';
import { foldingRanges } from '../../../server/src/features/folding.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';

/** What is hidden and shown, as the first and the last folded line. */
function folds(text: string): readonly string[] {
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  return foldingRanges(parseProfile(text)).map(({ start, end }) => `${lineOf(start)}-${lineOf(end)}`);
}

const PROFILE = `{
  "flags": [
    "A"
  ],
  "syscalls": [
    {
      "names": ["read"]
    },
    { "names": ["write"] }
  ]
}`;

describe('folding', () => {
  it('folds objects and lists up to the line before their bracket', () =>
    assert.deepEqual(folds(PROFILE), ['1-10', '2-3', '5-9', '6-7']));

  it('does the same with CRLF, and ends before the line break', () => {
    const text = PROFILE.replaceAll('\n', '\r\n');
    assert.deepEqual(folds(text), ['1-10', '2-3', '5-9', '6-7']);
    for (const { end } of foldingRanges(parseProfile(text))) assert.equal(text.slice(end, end + 2), '\r\n');
  });

  it('has one range for a line, the outermost', () =>
    assert.deepEqual(folds('{ "syscalls": [{\n"names":\n["a"]\n}]}'), ['1-3']));

  it('has nothing to fold in a minified profile', () => assert.deepEqual(folds('{"flags":["A"]}'), []));

  it('does not fold two lines', () => assert.deepEqual(folds('{\n}'), []));

  it('folds what is not closed to the end', () => assert.deepEqual(folds('{\n"syscalls": [\n{'), ['1-3', '2-3']));

  it('is empty for an empty text', () => assert.deepEqual(folds(''), []));
});
