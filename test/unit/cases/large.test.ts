import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createTests } from '../../../server/src/cases/create.ts';
import { errorsOfCases } from '../../../server/src/cases/problems.ts';
import { readCases } from '../../../server/src/cases/read.ts';
import { analyse } from '../../../server/src/checks/analyse.ts';
import { shownDiagnostics } from '../../../server/src/lsp/convert.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { problemsIn } from './harness.ts';

const times = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join();
const codes = (text: string): readonly string[] => [...new Set(problemsIn(text).map(({ code }) => code))];

// sizes of which the square takes longer than a test may
describe('a very large file of test cases', () => {
  it('has errors for each case', () => {
    const text = `{ "profil": "x", "cases": [${times(20_000, () => '{"name":"a","expect":{}}')}] }`;
    const errors = errorsOfCases(readCases(text), problemsIn(text));
    assert.deepEqual(
      [errors[0], errors[1], errors.at(-1)].map((found) => [found?.first.code, found?.count]),
      [
        ['tests-unknown-key', 2],
        ['tests-unknown-key', 3],
        ['tests-unknown-key', 3],
      ],
    );
  });

  it('has each name once', () => {
    assert.deepEqual(codes(`[${times(150_000, (i) => `{"name":"${i}","expect":{"exit":0}}`)}]`), []);
  });

  it('has each key once', () => {
    assert.deepEqual(codes(`[{"name":"a","expect":{"exit":0},${times(250_000, (i) => `"$${i}":1`)}}]`), []);
  });

  it('expects each call to be denied or allowed', () => {
    const calls = (from: number): string => times(20_000, (i) => `"close(${from + i})"`);
    const text = (from: number): string =>
      `[{"name":"a","expect":{"denied":[${calls(0)}],"allowed":[${calls(from)}]}}]`;
    assert.deepEqual(codes(text(20_000)), []);
    assert.deepEqual(
      problemsIn(text(19_999)).map(({ message }) => message),
      ['"close(19999)" is expected to be denied, so this cannot be allowed.'],
    );
  });

  it('shows its diagnostics with what mends them', () => {
    const text = TextDocument.create('a', 'json', 1, 'x'.repeat(50_000));
    const spans = Array.from({ length: 50_000 }, (_, start) => ({ start, end: start + 1 }));
    const all = spans.map(({ start, end }) => ({
      range: { start: text.positionAt(start), end: text.positionAt(end) },
      message: '',
      code: 'a',
    }));
    const shown = shownDiagnostics(text, all);
    assert.ok(spans.every((span, i) => shown({ code: 'a', span })[0] === all[i]));
    assert.deepEqual(shown({ code: 'b', span: spans[0]! }), []);
  });

  it('is made of a profile with as many conditions', () => {
    const rules = times(
      30_000,
      (i) => `{"names":["ioctl"],"action":"SCMP_ACT_ERRNO","args":[{"index":1,"value":${i},"op":"SCMP_CMP_EQ"}]}`,
    );
    const text = `{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[${rules}]}`;
    assert.match(createTests(analyse(parseProfile(text), { target: defaultTarget() })), /ioctl\(op=11\)/);
  });
});
