import assert from 'node:assert/strict';
import fs from 'node:fs';
import { caseIds } from '../../../server/src/cases/ids.ts';
import { isInside, profilePathOf, resolvePath, testsPathOf } from '../../../server/src/cases/paths.ts';
import { errorsOfCases } from '../../../server/src/cases/problems.ts';
import { readCases } from '../../../server/src/cases/read.ts';
import { pathOfUri, uriOfPath } from '../../../server/src/cases/uris.ts';
import { isSeccompTests } from '../../../server/src/recognise.ts';
import { fileOf, problemsIn } from './harness.ts';

describe('files of test cases', () => {
  it('are read with what is left out in its place', () => {
    const [testCase] = readCases('{ "cases": [{ "expect": { "exit": "nonzero" } }] }').cases;
    const { name, image, command, network, timeLimitMs, readOnly, mounts, expect } = testCase!;
    assert.deepEqual(
      { name: name.value, image, command, network, timeLimitMs, readOnly, mounts, exit: expect.exit?.value },
      {
        name: 'case 1',
        image: undefined,
        command: [],
        network: 'none',
        timeLimitMs: 30_000,
        readOnly: false,
        mounts: [],
        exit: 'nonzero',
      },
    );
  });

  it('mount nothing that can be written unless it says so', () => {
    const mounts = [
      { source: 'a', target: '/a' },
      { source: 'b', target: '/b', readOnly: false },
    ];
    assert.deepEqual(
      readCases(fileOf({ mounts })).cases[0]!.mounts.map(({ readOnly }) => readOnly),
      [true, false],
    );
  });

  it('spell capabilities as the kernel does', () => {
    const { capabilities } = readCases(fileOf({ capabilities: { add: ['sys_admin', 'all'], drop: ['CAP_CHOWN'] } }))
      .cases[0]!;
    assert.deepEqual(capabilities, { add: ['CAP_SYS_ADMIN', 'ALL'], drop: ['CAP_CHOWN'] });
  });

  it('may be a list of cases that stands alone', () => {
    assert.equal(readCases('[{ "name": "a", "expect": {} }]').cases[0]!.name.value, 'a');
  });

  it('tell cases apart by name', () => {
    const cases = ['a', 'b', 'a'].map((name) => ({ name }));
    assert.deepEqual(caseIds(readCases(JSON.stringify({ cases }))), ['a', 'b', 'a (2)']);
  });

  it('run no case that is not right, and none at all where the file is not', () => {
    const errors = (text: string) => {
      const document = readCases(text);
      return errorsOfCases(document, problemsIn(text)).map((found) => found?.count ?? 0);
    };
    const right = { name: 'a', expect: { exit: 0 } };
    assert.deepEqual(errors(JSON.stringify({ cases: [right, { name: 'b', expect: { exit: -1 } }] })), [0, 1]);
    assert.deepEqual(errors(JSON.stringify({ profil: 'x', cases: [right] })), [1]);
  });

  it('are recognised by name and content', () => {
    const example = fs.readFileSync('examples/deny-list.test.json', 'utf8');
    assert.ok(isSeccompTests('/a/deny-list.test.json', example));
    assert.ok(isSeccompTests('x.test.json', '{ "profile": "x.json", "cases": ['));
    assert.equal(isSeccompTests('/a/deny-list.json', example), false);
    for (const other of [
      '{ "cases": [1, 2] }',
      '{ "cases": [], "expect": {} }',
      '[]',
      '{ "name": "a", "expect": {} }',
      '',
      '{{',
    ])
      assert.equal(isSeccompTests('x.test.json', other), false, other);
  });
});

describe('paths of test cases', () => {
  it('lead from tests to profiles and back', () => {
    assert.equal(testsPathOf('/a/web.json'), '/a/web.test.json');
    assert.equal(profilePathOf('/a/web.test.json'), '/a/web.json');
    assert.equal(profilePathOf('/a/web.test.json', '../b.json'), '/b.json');
    assert.equal(profilePathOf('web.test.json', 'p/b.json'), 'p/b.json');
    assert.equal(profilePathOf('web.test.json', '../../b.json'), '../../b.json');
    assert.equal(profilePathOf('/web.test.json', 'b.json'), '/b.json');
  });

  it('are resolved without leaving the root', () => {
    assert.equal(resolvePath('/a/b', '../../../c/./d'), '/c/d');
    assert.equal(resolvePath('C:/a', 'b\\c'), 'C:/a/b/c');
    assert.equal(resolvePath('/a', '/b'), '/b');
    assert.ok(isInside('/a/b', ['/a/']) && isInside('/a', ['/a']) && !isInside('/ab', ['/a']));
  });

  it('are addresses and back', () => {
    const path = '/a b/ü#?.json';
    assert.equal(pathOfUri(uriOfPath(path)), path);
    assert.equal(pathOfUri('file:///c%3A/x'), '/c:/x');
    assert.equal(pathOfUri('untitled:x'), undefined);
    assert.equal(pathOfUri('file:///%zz'), undefined);
  });
});
