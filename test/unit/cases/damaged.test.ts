import assert from 'node:assert/strict';
import { completeCases } from '../../../server/src/cases/complete.ts';
import { readCases } from '../../../server/src/cases/read.ts';
import { caseSymbols } from '../../../server/src/cases/symbols.ts';
import { pathOfUri, uriOfPath } from '../../../server/src/cases/uris.ts';

describe('a damaged file of test cases', () => {
  it('has an address for each path that it names', () => {
    assert.equal(uriOfPath('/a/\ud800b'), 'file:///a/%EF%BF%BDb');
    assert.equal(pathOfUri(uriOfPath('/a/\u{1f600} b')), '/a/\u{1f600} b');
  });

  it('offers its shape only where that replaces what is there', () => {
    const offered = (text: string, offset: number) => completeCases(readCases(text), offset, { snippets: true });
    assert.equal(offered('s:', 2), undefined);
    assert.equal(offered('s:', 1)?.span.end, 1);
  });

  it('has a name for each case in the outline', () => {
    const names = caseSymbols(readCases('{"cases":[{"name":"\t"},{"name":" "},{}]}')).map(({ name }) => name);
    assert.deepEqual(names, ['(no name)', '(no name)', 'case 3']);
  });
});
