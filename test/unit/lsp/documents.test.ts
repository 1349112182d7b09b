import assert from 'node:assert/strict';
import { documentsConfiguration, type OpenDocument } from '../../../server/src/lsp/documents.ts';
import { defaultTarget } from '../../../server/src/settings.ts';

/** What no client should send for a text. */
const NO_TEXTS: readonly unknown[] = [null, undefined, 5, {}, []];

describe('open documents', () => {
  const documents = documentsConfiguration((error) => {
    throw error;
  });

  it('have an address and a text, whatever the client says', () => {
    for (const nothing of NO_TEXTS) {
      assert.throws(() => documents.create('a', 'json', 1, nothing as string), /no text/);
      assert.throws(() => documents.create(nothing as string, 'json', 1, ''), /no address/);
    }
  });

  it('stay as they are where one of several changes has no text', () => {
    const document = documents.create('a', 'json', 1, 'one');
    for (const text of NO_TEXTS)
      assert.throws(() => documents.update(document, [{ text: 'x' }, { text: text as string }], 2), /no text/);
    assert.equal(document.text.getText(), 'one');
    assert.equal(documents.update(document, [{ text: 'two' }], 2).text.getText(), 'two');
  });

  it('are a profile by their present text, whatever they were before', () => {
    const text = '{"syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}]}';
    const options = { target: defaultTarget() };
    const change = (document: OpenDocument, from: string, to: string): OpenDocument => {
      const start = document.text.getText().indexOf(from);
      const range = { start: document.text.positionAt(start), end: document.text.positionAt(start + from.length) };
      return documents.update(document, [{ range, text: to }], document.version + 1);
    };
    const first = documents.create('a', 'json', 1, text);
    assert.ok(first.isProfile && first.analysis(options).findings);
    const second = change(first, 'SCMP_ACT_ERRNO', 'x');
    assert.deepEqual([second.isContinued, second.isProfile], [true, false]);
    const third = change(second, '"x"', '"SCMP_ACT_LOG"');
    assert.deepEqual([third.isContinued, third.isProfile], [true, true]);
  });
});
