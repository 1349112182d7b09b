import assert from 'node:assert/strict';
import { selectionRanges } from '../../../server/src/features/selection.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { marked } from './marker.ts';

/** What is selected step by step from the marker. */
function steps(source: string): readonly string[] {
  const { text, offset } = marked(source);
  return selectionRanges(parseProfile(text), offset).map(({ start, end }) => text.slice(start, end));
}

describe('selection', () => {
  it('grows from a word to the whole text', () =>
    assert.deepEqual(steps('{ "syscalls": [{ "names": ["re|ad", "write"] }] }\n'), [
      'read',
      '"read"',
      '"read", "write"',
      '["read", "write"]',
      '"names": ["read", "write"]',
      '{ "names": ["read", "write"] }',
      '[{ "names": ["read", "write"] }]',
      '"syscalls": [{ "names": ["read", "write"] }]',
      '{ "syscalls": [{ "names": ["read", "write"] }] }',
      '{ "syscalls": [{ "names": ["read", "write"] }] }\n',
    ]));

  it('starts from a key', () =>
    assert.deepEqual(steps('{"fl|ags": []}'), ['flags', '"flags"', '"flags": []', '{"flags": []}']));

  it('takes a number whole', () => assert.deepEqual(steps('{"a": 1|2}').slice(0, 2), ['12', '"a": 12']));

  it('has the whole text around the root and in an empty one', () => {
    assert.deepEqual(steps('{}\n|\n'), ['{}\n\n']);
    assert.deepEqual(steps('|'), ['']);
  });

  it('does not fail on broken text', () => {
    assert.deepEqual(steps('{"a": "b|').slice(0, 2), ['b', '"b']);
    assert.equal(steps('{"a": [1, |').at(-1), '{"a": [1, ');
  });

  it('grows at every offset', () => {
    const text = '{"syscalls":[{"names":["read",],"args":[{"index":0}]},{';
    const document = parseProfile(text);
    for (let offset = 0; offset <= text.length; offset++) {
      const ranges = selectionRanges(document, offset);
      ranges.forEach((range, i) => {
        assert.ok(range.start <= offset && offset <= range.end);
        const inner = ranges[i - 1];
        if (inner) assert.ok(range.start <= inner.start && inner.end <= range.end && range !== inner);
      });
    }
  });
});
