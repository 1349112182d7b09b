import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { junitReport } from '../../server/cli/formats/junit.ts';
import { type TestsReport, testsText } from '../../server/cli/formats/tests.ts';
import { cli, folder } from './run.ts';

const file = folder();
const PROFILE = { defaultAction: 'SCMP_ACT_ALLOW' };
const CASES = {
  cases: [
    { name: 'starts', expect: { exit: 0 } },
    { name: 'denies', expect: { denied: ['mount'] } },
  ],
};

const TEXT = '{ "cases": [\n  { "name": "a" }\n] }';
const report = (more: object): TestsReport => ({
  file: 'dir/web.test.json',
  text: TEXT,
  profile: { name: 'dir/web.json', text: '{ "defaultAction": "SCMP_ACT_ALLOW" }' },
  results: [
    {
      index: 0,
      name: 'a',
      status: 'passed',
      failures: [],
      notes: [],
      stdout: '',
      stderr: '',
      durationMs: 1500,
      ...more,
    },
  ],
  spans: [{ start: 25, end: 28 }],
  engine: 'Docker 1',
  durationMs: 2000,
});

const NASTY = 'a\u001b[31m<b>&"\'\u0000\uffff\ud800 ]]>\r\n\tü😀';

describe('seccomp-profile test', () => {
  it('wants files that are there, with cases', () => {
    const profile = file('web.json', PROFILE);
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [[], /takes at least one FILE/],
      [[profile], /has no test cases: there is no .*web\.test\.json/],
      [['/nowhere.test.json'], /Cannot read \/nowhere\.test\.json/],
      [[file('empty.test.json', { profile: 'web.json', cases: [] })], /has no case/],
      [[file('broken.test.json', '{ "cases": [')], /broken\.test\.json:1:\d+: /],
      [[file('lone.test.json', CASES)], /Cannot read .*lone\.json/],
      [[profile, '--format', 'xml'], /--format takes text, json, junit/],
      [[profile, '--engine', 'dokcer'], /Did you mean docker\?/],
    ];
    for (const [args, message] of wrong) {
      const { status, stderr } = cli(['test', ...args]);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
    }
  });

  it('exits with 1 and tells why where cases cannot be run', () => {
    file('web.json', PROFILE);
    const tests = file('web.test.json', { cases: [{ name: 'x', expect: { exti: 0 } }] });
    const { status, stdout } = cli(['test', tests]);
    assert.equal(status, 1);
    assert.match(stdout, /NOT RUN {3}x .*\n.*Line 6: "exti" is no key of "expect"/);
    assert.match(stdout, /1 case: 0 passed, 0 failed, 1 not run\n$/);
  });

  it('reads no profile outside of the workspace, not by a link either', () => {
    const tests = file('link/link.test.json', { cases: [{ name: 'x', image: 'a', expect: { exit: 0 } }] });
    const outside = file('outside.json', PROFILE);
    fs.symlinkSync(outside, path.join(path.dirname(tests), 'link.json'));
    const linked = cli(['test', tests]);
    assert.equal(linked.status, 1);
    assert.match(linked.stdout, /NOT RUN {3}x .*\n.*The profile is a link that leads out of the workspace/);
    // it would be read for ever
    const endless = file('link/zero.test.json', { profile: '/dev/zero', cases: [{ name: 'x', expect: { exit: 0 } }] });
    assert.match(cli(['test', endless]).stdout, /NOT RUN {3}x .*\n.*The profile lies outside of the workspace/);
  });

  it('takes some cases by name, and a profile for its tests', () => {
    const profile = file('web.json', PROFILE);
    file('web.test.json', {
      cases: [
        { name: 'x', expect: { exti: 0 } },
        { name: 'y', expect: { exti: 0 } },
      ],
    });
    const { stdout } = cli(['test', profile, '--filter', 'y', '--format', 'json']);
    const { files } = JSON.parse(stdout);
    assert.deepEqual(
      files[0].cases.map(({ name, status }: { name: string; status: string }) => [name, status]),
      [['y', 'errored']],
    );
    const none = cli(['test', profile, '--filter', 'z']);
    assert.equal(none.status, 2);
    assert.match(none.stderr, /No case of .* has "z" in its name/);
  });
});

describe('the report on test cases', () => {
  const failure = { span: { start: 25, end: 28 }, message: NASTY, rule: { start: 2, end: 5 } };

  it('names places and obeys no terminal', () => {
    const text = testsText([report({ status: 'failed', failures: [failure] })], false);
    assert.match(text, /dir\/web\.test\.json:2:13: a\?\[31m<b>/);
    assert.match(text, /\(dir\/web\.json:1:3\)/);
    assert.ok(!text.includes('\u001b'));
  });

  it('is JUnit XML without a character that XML cannot hold', () => {
    const xml = junitReport([
      report({ status: 'failed', failures: [failure], stdout: NASTY, stderr: NASTY }),
      report({ status: 'errored', message: NASTY }),
      report({ status: 'cancelled' }),
      report({ name: NASTY }),
    ]);
    assert.match(xml, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites [^>]*tests="4" failures="1" errors="1"/);
    assert.match(xml, /<testcase name="a" classname="dir\/web" file="dir\/web\.test\.json" line="2" time="1\.500">/);
    assert.match(
      xml,
      /<failure message="a\\x1b\[31m&lt;b&gt;&amp;&quot;'\\x00\\xffff\\xd800 \]\]&gt;&#13;?&#10;&#9;ü😀" type="seccomp">/,
    );
    assert.match(xml, /<skipped message="cancelled"\/>/);
    const outside = xml.replaceAll(/<\/?[a-z?-]+(?: [\w-]+="[^"<]*")*\s*[/?]?>/g, '');
    assert.ok(!/[<&](?!(?:amp|lt|gt|quot|#\d+);)/.test(outside), outside);
    assert.ok(!/[^\t\n\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(xml));
  });

  it('tells failures apart that seccomp did not cause', () => {
    const xml = junitReport([report({ status: 'failed', failures: [{ ...failure, elsewhere: true }] })]);
    assert.match(xml, /type="not-seccomp"/);
  });
});
