import assert from 'node:assert/strict';
import { readCases } from '../../../server/src/cases/read.ts';
import { caseProblemsOf } from '../../../server/src/lsp/case-surroundings.ts';
import { readSettings } from '../../../server/src/settings.ts';

describe('what is wrong in a file of test cases', () => {
  it('is found once for each version, until its surroundings change', () => {
    const document = readCases('{ "profile": "x.json", "cases": [{ "name": "a", "expect": {} }] }');
    const uri = 'file:///work/x.test.json';
    const there = { settings: readSettings(undefined), folders: ['file:///work'], exists: () => true };
    const gone = { ...there, exists: () => false };
    const found = caseProblemsOf(there, uri, document);
    assert.equal(caseProblemsOf({ ...there }, uri, document), found);
    assert.deepEqual(
      [found, caseProblemsOf(gone, uri, document)].map((problems) => problems.map(({ code }) => code)),
      [['tests-expects-nothing'], ['tests-no-profile', 'tests-expects-nothing']],
    );
    const other = { ...there, settings: readSettings({ target: { architecture: 'arm64' } }) };
    assert.notEqual(caseProblemsOf(other, uri, document), found);
  });
});
