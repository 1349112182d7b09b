import assert from 'node:assert/strict';
import { applyEdits } from '../../../server/src/checks/edits.ts';
import { formatting } from '../../../server/src/features/format.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';

const TWO = { tabSize: 2, insertSpaces: true };

function formatted(text: string, options = TWO): string {
  return applyEdits(text, formatting(parseProfile(text), options));
}

describe('formatting', () => {
  it('lays out minified text', () =>
    assert.equal(
      formatted('{"flags":["A","B"],"syscalls":[]}'),
      '{\n  "flags": [\n    "A",\n    "B"\n  ],\n  "syscalls": []\n}',
    ));

  it('indents by tabs', () =>
    assert.equal(formatted('{"a":1}', { tabSize: 4, insertSpaces: false }), '{\n\t"a": 1\n}'));

  it('keeps CRLF', () => assert.equal(formatted('{\r\n"a":1}'), '{\r\n  "a": 1\r\n}'));

  it('has no edits for text that is laid out', () => {
    const text = formatted('{"a":[1,{"b":2}]}');
    assert.deepEqual(formatting(parseProfile(text), TWO), []);
  });

  it('formats the lines of a range only', () => {
    const text = '{\n  "a":1,\n  "b":2\n}';
    const edits = formatting(parseProfile(text), TWO, { start: text.indexOf('"b"'), end: text.indexOf('2') + 1 });
    assert.equal(applyEdits(text, edits), '{\n  "a":1,\n  "b": 2\n}');
  });

  it('changes nothing but white space, whatever the text', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a b"',
      '"c',
      '1',
      '// x y\n',
      '/* z */',
      ' ',
      '\n',
      '\t',
      'null',
      "'",
    ];
    let state = 7;
    const random = (): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) / 2 ** 32;
    };
    for (let round = 0; round < 500; round++) {
      const text = Array.from({ length: 30 }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      const edits = formatting(parseProfile(text), TWO);
      assert.equal(applyEdits(text, edits).replaceAll(/\s/g, ''), text.replaceAll(/\s/g, ''));
      for (const edit of edits) assert.equal(text.slice(edit.start, edit.end).trim() + edit.text.trim(), '');
    }
  });

  for (const [what, layout] of Object.entries({
    'two blanks': TWO,
    'four blanks': { tabSize: 4, insertSpaces: true },
    tabs: { tabSize: 4, insertSpaces: false },
  }))
    it(`indents as deep as brackets go, by ${what}`, () => {
      const depth = 250;
      const indent = layout.insertSpaces ? ' '.repeat(layout.tabSize) : '\t';
      const lines = formatted('['.repeat(depth) + ']'.repeat(depth), layout).split('\n');
      assert.deepEqual(
        lines.slice(0, depth - 1),
        Array.from({ length: depth - 1 }, (_, i) => `${indent.repeat(i)}[`),
      );
    });

  it('leaves alone what is too deep, since each line of it would take as many blanks', () => {
    const deep = '[{"a":1],'.repeat(5000);
    for (const text of [
      '['.repeat(20_000),
      '{"a":'.repeat(20_000),
      `{}${deep}`,
      deep,
      `"]]"${deep}`,
      `// ]]\n/*]*/${deep}`,
    ])
      assert.deepEqual(formatting(parseProfile(text), TWO), [], text.slice(0, 30));
    const indented = `${' '.repeat(5000)}[1,2]`;
    assert.deepEqual(formatting(parseProfile(indented), TWO, { start: 5000, end: indented.length }), []);
  });

  it('counts no bracket of a string or a comment as deep', () => {
    const many = '['.repeat(500);
    for (const text of [
      `["${many}",1]`,
      `["\\"${many}",1]`,
      `[/*${many}*/1]`,
      `[//${many}\n1]`,
      `[1]// ${many}`,
      `[1]/*${many}`,
    ])
      assert.notEqual(formatted(text), text);
  });
});
