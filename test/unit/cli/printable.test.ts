import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'mocha';
import { Failure } from '../../../server/cli/failure.ts';
import { junitReport } from '../../../server/cli/formats/junit.ts';
import { testsText } from '../../../server/cli/formats/tests.ts';
import { main } from '../../../server/cli/main.ts';
import { printable, visible } from '../../../server/cli/printable.ts';
import { changeText, type Search } from '../../../server/cli/search.ts';
import { attemptText } from '../../../server/container/repair/index.ts';

/** Sets a terminal's title, colours it in two ways, erases, and begins a line with an order for GitHub's runners. */
const HOSTILE = 'x\u001b]0;y\u0007\u001b[31m\u009b2J\u007f\u0008\r\n::error::z\n  ::error::z\r::error::z';

/** What no text for people may have: control characters, and lines that begin with an order. */
function assertHarmless(text: string): void {
  assert.doesNotMatch(text, /[^\P{Cc}\t\n]/u);
  assert.doesNotMatch(text, /^\s*::/m);
}

describe('text of others on the command line', () => {
  it('is put on one line, however long its rows of blanks are', () => {
    assert.equal(printable(' a \r\n\n  b\n'), ' a b ');
    const row = ' '.repeat(1_000_000);
    assert.equal(printable(`a${row}b${row}\n${row}c`), `a${row}b c`);
  });

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seccomp-printable-'));
  after(() => fs.rmSync(folder, { recursive: true }));
  const file = (name: string, content: object | string): string => {
    const at = path.join(folder, name);
    fs.writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content));
    return at;
  };
  const run = async (...args: readonly string[]) => {
    const written = { out: '', err: '' };
    const io = {
      out: (text: string | Uint8Array) => {
        written.out += text;
      },
      err: (text: string) => {
        written.err += text;
      },
      terminal: true,
      colours: false,
    };
    const status = await main(args, io, '1', new AbortController().signal);
    return { ...written, status };
  };

  const rule = { names: [HOSTILE, 'read'], action: 'SCMP_ACT_ALLOW' };
  const wrong = { defaultAction: HOSTILE, [HOSTILE]: 1, syscalls: [{ ...rule, action: HOSTILE, [HOSTILE]: 1 }] };
  const right = file(`right${HOSTILE.replace('/', '')}.json`, { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [rule] });
  const profiles = {
    right,
    wrong: file(`wrong${HOSTILE}.json`, wrong),
    broken: file(`broken${HOSTILE}.json`, `{"defaultAction": ${HOSTILE}`),
    missing: path.join(folder, `missing${HOSTILE}.json`),
  };
  const calls = file('calls.json', [{ arch: HOSTILE, nr: 1, args: [] }]);
  const noCalls = file('no-calls.json', HOSTILE);
  const trace = file(`trace${HOSTILE}`, `read(0, "", 1) = 0\n${HOSTILE.replaceAll('\n', ' ')}\n`);
  const tests = file(`a${HOSTILE}.test.json`, {
    profile: path.basename(right),
    cases: [{ name: HOSTILE, [HOSTILE]: 1, expect: { denied: [HOSTILE] } }],
  });
  const noCases = file('no.test.json', { profile: path.basename(right), cases: [], [HOSTILE]: 1 });

  for (const [kind, profile] of Object.entries(profiles)) {
    for (const args of [
      ['check'],
      ['explain'],
      ['explain', 'read'],
      ['compile', '--disassemble'],
      ['diff', 'docker-default'],
      ['import', trace, '--into'],
      ['test'],
    ])
      it(`is only text: ${kind} profile, ${args.map((arg) => path.basename(arg).slice(0, 12)).join(' ')}`, async () => {
        const [command = '', ...rest] = args;
        const last = args.at(-1) === '--into';
        const { out, err } = await run(command, ...(last ? [...rest, profile] : [profile, ...rest]));
        assert.ok(out + err);
        assertHarmless(err);
        if (!last) assertHarmless(out);
      });

    it(`is data: ${kind} profile`, async () => {
      const json = (await run('check', '--format', 'json', profile)).out;
      if (kind === 'missing') return assert.equal(json, '');
      assertHarmless(json);
      assert.equal(JSON.parse(json).files[0].file, profile);
      assertHarmless((await run('check', '--format', 'sarif', profile)).out);
    });

    it(`is in no order for GitHub: ${kind} profile`, async () => {
      const { out } = await run('check', '--format', 'github', profile);
      assert.doesNotMatch(out, /[^\P{Cc}\n]/u);
      assert.ok(out.split('\n').every((line) => line === '' || /^::(?:error|warning|notice) file=[^:]*::/.test(line)));
    });
  }

  it('is only text: lists of calls, traces and test cases', async () => {
    for (const args of [
      ['explain', right, '--calls', calls],
      ['explain', right, '--calls', noCalls],
      ['import', trace],
      ['import', noCalls],
      ['test', tests],
      ['test', noCases],
      ['test', tests, '--filter', HOSTILE.slice(0, 9)],
      [HOSTILE],
      ['check', `--${HOSTILE}`],
    ]) {
      const { out, err } = await run(...args);
      assert.ok(out + err);
      assertHarmless(out + err);
    }
  });

  it('is only text: what came of test cases', () => {
    const result = { index: 0, name: HOSTILE, notes: [HOSTILE], stdout: HOSTILE, stderr: HOSTILE, durationMs: 1 };
    const failures = [{ span: { start: 0, end: 1 }, message: HOSTILE, rule: { start: 0, end: 1 } }];
    const report = {
      file: HOSTILE,
      text: 'x',
      profile: { name: HOSTILE, text: 'x' },
      results: [
        { ...result, status: 'failed' as const, failures },
        { ...result, status: 'errored' as const, failures: [], message: HOSTILE },
      ],
      spans: [
        { start: 0, end: 1 },
        { start: 0, end: 1 },
      ],
      engine: HOSTILE,
      durationMs: 1,
    };
    assertHarmless(testsText([report], false));
    assert.doesNotMatch(junitReport([report]), /[^\P{Cc}\n]/u);
  });

  it('is only text: what came of a search, but for the change where no terminal shows it', () => {
    const io = { out: () => undefined, err: () => undefined, colours: false };
    const search = { source: { name: HOSTILE, text: '\u009bx\r\n' }, write: false } as Search;
    const shown = changeText([HOSTILE, false], search, 'y\r\n', { ...io, terminal: true });
    assertHarmless(shown.replaceAll('\r\n', '\n'));
    assert.match(shown, /^-\?x\r$/m);
    assert.match(changeText([HOSTILE], search, 'y\r\n', { ...io, terminal: false }), /^-\u009bx\r$/m);
    const outcome = {
      kind: 'no-engine',
      problems: [{ kind: 'docker', reason: 'unknown', message: HOSTILE, raw: '' }],
    } as const;
    const report = { label: HOSTILE, runs: 0, durationMs: 1, outcome };
    assertHarmless(visible(attemptText(HOSTILE, report, printable)));
  });

  it('is only text: why a command failed', () => {
    assertHarmless(new Failure(HOSTILE).message);
    assert.equal(new Failure(['a\nb', 'c\td']).message, 'a b\nc\td');
  });
});
