import assert from 'node:assert/strict';
import { documentsConfiguration } from '../../../server/src/lsp/documents.ts';

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
});
