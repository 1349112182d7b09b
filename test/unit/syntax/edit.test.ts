import assert from 'node:assert/strict';
import { editItem, itemAt, type TextChange } from '../../../server/src/syntax/edit.ts';
import { parse } from '../../../server/src/syntax/parse.ts';
import type { SyntaxTree } from '../../../server/src/syntax/tree.ts';

/** The tree after a change, where only the item around it had to be parsed. */
function edited(text: string, start: number, end: number, inserted: string): SyntaxTree | undefined {
  const tree = parse(text);
  const change: TextChange = { start, end, length: inserted.length };
  const item = itemAt(tree, start);
  return item && editItem(tree, item, text.slice(0, start) + inserted + text.slice(end), change)?.tree;
}

describe('a tree of which one item changes', () => {
  const pieces = [
    ...['"', '\\', '{', '}', '[', ']', ',', ':', '/', '//', '/*', '*/', '#', '\n', ' ', '\u0000', '\uD800', '1', 'x'],
    ...['""', '{}', '[]', '},{', '"a":1', '"a"', 'null,', '\\"', '*/}', '"}', ''],
  ];
  const texts = [
    '{"a":[{"b":1,"c":["d",-2e3]},{"e":{"f":null}}],"g":[{}]}',
    '{"a" [1 {b: "c" "d" 0x1f,, "e":} {"f":[1,}]/* g */,] // h\n"i":[{"j":true]} k',
    '\uFEFF{"a":[/*b*/{/*c*/"d"/*e*/:/*f*/[{}]/*g*/}/*h*/,null,{"i":"\\u00"}],{"j":[{}]},"k":[{"l":"m',
  ];
  for (const text of texts)
    it(`is what a new parse gives, wherever and whatever is put in or taken out: ${text}`, () => {
      let count = 0;
      for (let start = 0; start <= text.length; start++)
        for (const inserted of pieces)
          for (let end = start; end <= Math.min(start + 3, text.length); end++) {
            const tree = edited(text, start, end, inserted);
            if (!tree) continue;
            count++;
            assert.deepStrictEqual(tree, parse(text.slice(0, start) + inserted + text.slice(end)));
          }
      assert.ok(count > 500, `${count} changes were taken over`);
    });

  it('counts the brackets around the item', () => {
    const text = (depth: number): string => `{"a":[{"b":${'['.repeat(depth)}${']'.repeat(depth)}},{"c":1}]}`;
    const at = text(196).indexOf('[]') + 1;
    assert.deepStrictEqual(edited(text(196), at, at, '[]'), parse(text(197)));
    assert.equal(edited(text(197), at + 1, at + 1, '[]'), undefined);
  });

  it('leaves everything as it was where the item could end elsewhere', () => {
    const text = '{"a":[{"b":"c"},{"d":1}]}';
    for (const [start, end, inserted] of [
      [13, 14, ''],
      [12, 12, '},{"x":"'],
      [7, 7, '/*'],
      [6, 8, '{'],
      [14, 15, '}'],
    ] as const) {
      const tree = parse(text);
      const item = itemAt(tree, 8);
      const change = { start, end, length: inserted.length };
      assert.ok(item);
      assert.equal(editItem(tree, item, text.slice(0, start) + inserted + text.slice(end), change), undefined);
      assert.deepStrictEqual(tree, parse(text));
    }
  });

  it('has items only in lists behind keys of the root', () => {
    const text = '{"a":[{"b":[{"c":1}]},[{}],2],"d":{"e":[{}]}}';
    const itemsAt = (piece: string) => itemAt(parse(text), text.indexOf(piece) + 1)?.node;
    assert.deepEqual(
      ['{"b"', '{"c"', '[{}]', '2', '"d"', '{"e"'].map((piece) => itemsAt(piece)?.start),
      [6, 6, undefined, undefined, undefined, undefined],
    );
  });
});
