import assert from 'node:assert/strict';
import { fixAll } from '../../../../server/src/checks/analyse.ts';
import type { Check } from '../../../../server/src/checks/check.ts';
import { byteOrderMark } from '../../../../server/src/checks/text/byte-order-mark.ts';
import { commentInJson } from '../../../../server/src/checks/text/comment-in-json.ts';
import { extraComma } from '../../../../server/src/checks/text/extra-comma.ts';
import { textChecks } from '../../../../server/src/checks/text/index.ts';
import { jsonSyntax } from '../../../../server/src/checks/text/json-syntax.ts';
import { missingComma } from '../../../../server/src/checks/text/missing-comma.ts';
import { trailingComma } from '../../../../server/src/checks/text/trailing-comma.ts';
import { defaultTarget } from '../../../../server/src/settings.ts';
import { expectOf, expectSilence, fixTitles } from '../arguments/expect.ts';
import { findingsIn, findingsOf, fixed } from '../harness.ts';

const RULE = '{"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}';
const CODES: ReadonlySet<string> = new Set(textChecks.map((check) => check.code));

/** A profile that allows by default, with these rules. */
const allowing = (rules: string): string => `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [${rules}]}`;

/** Asserts what the checks of the text say about a damaged profile, as codes, and what "fix all" makes of it. */
function expectRepair(text: string, codes: readonly string[], repaired: string): void {
  const found = findingsIn(text).map((finding) => finding.check.code);
  assert.deepEqual(
    found.filter((code) => CODES.has(code)),
    codes,
    text,
  );
  assert.equal(fixAll(text, { target: defaultTarget() }), repaired);
}

describe('text checks', () => {
  it('say nothing about strict JSON, in any layout', () => {
    for (const text of [
      allowing(RULE),
      allowing(RULE).replaceAll(', ', ',\r\n\t'),
      `\n\n${allowing(RULE)}\n`,
      allowing(`{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "comment": "a // b /* c */ # d, ] }"}`),
    ])
      for (const check of textChecks) expectSilence(check, text);
  });

  it('mark the character in front of a missing comma, not the gap', () => {
    expectOf(missingComma, allowing(`${RULE} ${RULE}`), ['error }']);
    expectOf(missingComma, '{"defaultAction": "SCMP_ACT_ALLOW"\r\n"syscalls": []}', ['error "']);
  });

  it('put in and take out commas in minified text, several at once', () => {
    expectRepair(
      '{"defaultAction":"SCMP_ACT_ALLOW""syscalls":[{"names":["bpf","mount",],"action":"SCMP_ACT_ERRNO",},,]}',
      ['missing-comma', 'trailing-comma', 'trailing-comma', 'extra-comma'],
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["bpf","mount"],"action":"SCMP_ACT_ERRNO"}]}',
    );
  });

  it('remove a comma that stands on a line of its own with its line', () => {
    assert.equal(fixed(extraComma, '[\r\n  1,\r\n  ,\r\n  2\r\n]'), '[\r\n  1,\r\n  2\r\n]');
    assert.equal(fixed(trailingComma, '[1 ,\r\n]'), '[1 \r\n]');
  });

  it('show the byte order mark and read on behind it', () => {
    const found = findingsIn(`\uFEFF${allowing(RULE)}`).filter((finding) => finding.severity === 'error');
    assert.deepEqual(
      found.map((finding) => finding.check.code),
      ['byte-order-mark'],
    );
    expectOf(byteOrderMark, `\uFEFF${allowing(RULE)}`, ['error \uFEFF']);
  });
});

describe('comment-in-json', () => {
  it('takes a comment out with its line, or with the blanks in front of it', () => {
    expectRepair(
      '{\r\n  // why\r\n  "defaultAction": "SCMP_ACT_ALLOW", // so\r\n  "syscalls": [/* none */]\r\n}',
      ['comment-in-json', 'comment-in-json', 'comment-in-json'],
      '{\r\n  "defaultAction": "SCMP_ACT_ALLOW",\r\n  "syscalls": []\r\n}',
    );
  });

  it('takes lines that start with # for comments, at the top and in the middle', () => {
    const text = `# a profile: with words, and "quotes"\n# for tests\n{\n  "defaultAction": "SCMP_ACT_ALLOW", # why not\n  "syscalls": [\n    # first, second\n    ${RULE}\n  ]\n}`;
    assert.deepEqual(
      findingsOf(commentInJson, text).map(({ span }) => text.slice(span.start, span.end)),
      ['# a profile: with words, and "quotes"\n# for tests'],
    );
    expectRepair(
      text,
      ['comment-in-json'],
      `{\n  "defaultAction": "SCMP_ACT_ALLOW",\n  "syscalls": [\n    ${RULE}\n  ]\n}`,
    );
  });

  it('can keep the words as a key of the rule or of the profile', () => {
    const title = /"comment" key/;
    assert.equal(
      fixed(commentInJson, allowing('{"names": ["bpf"], /* no\n * programs */ "action": "SCMP_ACT_ERRNO"}'), {}, title),
      allowing('{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "comment": "no programs"}'),
    );
    assert.equal(
      fixed(commentInJson, '{\n  "defaultAction": "SCMP_ACT_ALLOW" // all\n}', {}, title),
      '{\n  "defaultAction": "SCMP_ACT_ALLOW",\n  "comment": "all"\n}',
    );
  });

  it('does not offer that where a comment is there already', () => {
    assert.deepEqual(fixTitles(commentInJson, '{"defaultAction": "SCMP_ACT_ALLOW", "comment": "x" /* y */}'), [
      'Remove the comment *',
    ]);
  });

  it('is a warning for crun, which skips // and /* */ but not #', () => {
    expectOf(commentInJson, '{"defaultAction": "SCMP_ACT_ALLOW"} // x', ['warning // x'], { runtime: 'crun' });
    expectOf(commentInJson, '# x\n{"defaultAction": "SCMP_ACT_ALLOW"}', ['error # x'], { runtime: 'crun' });
  });
});

describe('json-syntax', () => {
  const repairs: Readonly<Record<string, readonly [string, string]>> = {
    'closes brackets at the end, each on its line': [
      '{\n  "defaultAction": "SCMP_ACT_ALLOW",\n  "syscalls": [\n    {\n      "names": ["bpf"],\n      "action": "SCMP_ACT_ERRNO"',
      '{\n  "defaultAction": "SCMP_ACT_ALLOW",\n  "syscalls": [\n    {\n      "names": ["bpf"],\n      "action": "SCMP_ACT_ERRNO"\n    }\n  ]\n}',
    ],
    'closes brackets at the end of one line': [
      '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ERRNO"',
      allowing(RULE),
    ],
    'closes a list in front of the key that it swallowed': [
      allowing('{"names": ["bpf", "action": "SCMP_ACT_ERRNO"}'),
      allowing(RULE),
    ],
    'closes a rule in front of the next': [
      allowing(`{"names": ["mount"], "action": "SCMP_ACT_ERRNO", ${RULE}`),
      allowing(`{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}, ${RULE}`),
    ],
    'closes an object with CRLF line ends': [
      '{\r\n\t"defaultAction": "SCMP_ACT_ALLOW",\r\n\t"syscalls": [\r\n\t\t{\r\n\t\t\t"names": ["bpf"],\r\n\t\t\t"action": "SCMP_ACT_ERRNO"\r\n\t]\r\n}',
      '{\r\n\t"defaultAction": "SCMP_ACT_ALLOW",\r\n\t"syscalls": [\r\n\t\t{\r\n\t\t\t"names": ["bpf"],\r\n\t\t\t"action": "SCMP_ACT_ERRNO"\r\n\t\t}\r\n\t]\r\n}',
    ],
    'removes brackets too many': [`${allowing(RULE)}}]`, allowing(RULE)],
    'closes a string at the end of its line': [
      '{"defaultAction": "SCMP_ACT_ALLOW,\n "syscalls": []}',
      '{"defaultAction": "SCMP_ACT_ALLOW",\n "syscalls": []}',
    ],
    'closes a string that runs into the next': [
      allowing('{"names": ["bpf, "mount"], "action": "SCMP_ACT_ERRNO"}'),
      allowing('{"names": ["bpf", "mount"], "action": "SCMP_ACT_ERRNO"}'),
    ],
    'replaces single quotes and quotes bare words': [
      "{'defaultAction': 'SCMP_ACT_ALLOW', syscalls: [{“names”: [bpf], \"action\": SCMP_ACT_ERRNO}]}",
      allowing(RULE),
    ],
    'knows the words of other languages': [
      '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": None}',
      '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": null}',
    ],
    'puts in a colon, also for =': [
      '{"defaultAction" "SCMP_ACT_ALLOW", "syscalls" = []}',
      '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": []}',
    ],
    'turns braces around a list into brackets': [
      allowing('{"names": {"bpf"}, "action": "SCMP_ACT_ERRNO"}'),
      allowing(RULE),
    ],
    'puts braces around members in brackets': [
      allowing('{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "args": ["index": 0, "value": 5, "op": "SCMP_CMP_EQ"]}'),
      allowing(
        '{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 5, "op": "SCMP_CMP_EQ"}]}',
      ),
    ],
    'escapes control characters': [
      allowing('{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "comment": "a\tb"}'),
      allowing('{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "comment": "a\\tb"}'),
    ],
  };
  for (const [name, [text, repaired]] of Object.entries(repairs))
    it(name, () => {
      assert.notEqual(findingsOf(jsonSyntax, text).length, 0);
      assert.equal(fixAll(text, { target: defaultTarget() }), repaired);
    });

  it('marks the bracket that is open, once for all that are open at the end', () => {
    expectOf(jsonSyntax, '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [', ['error [']);
    assert.match(findingsOf(jsonSyntax, '{"syscalls": [')[0]!.message, /nor is the one around it/);
    assert.deepEqual(fixTitles(jsonSyntax, '{"syscalls": ['), ['Close 2 brackets *']);
  });

  const single: Readonly<Record<string, string>> = {
    '{"defaultAction": }': 'error :',
    '{"defaultAction": @}': 'error @',
    '{"defaultAction": "SCMP_ACT_ALLOW", {}: 1}': 'error {',
    '{"defaultAction": "SCMP_ACT_ALLOW", 5: 1}': 'error 5',
    '{"defaultAction": "a\\d"}': 'error "a\\d"',
    '{"defaultAction": "SCMP_ACT_ALLOW"} {}': 'error {}',
    'apiVersion: v1\nkind: Pod\n': 'error apiVersion',
    '{"defaultAction": "SCMP_ACT_ALLOW\n, "syscalls": [}': 'error "SCMP_ACT_ALLOW',
  };
  for (const [text, expected] of Object.entries(single))
    it(`has one thing to say about ${JSON.stringify(text)}`, () => {
      expectOf(jsonSyntax, text, [expected]);
    });

  it('does not guess where there is more than one answer', () => {
    const safe = (text: string): readonly string[] =>
      fixTitles(jsonSyntax, text).filter((title) => title.endsWith('*'));
    assert.deepEqual(safe('{"defaultAction": @}'), []);
    assert.deepEqual(safe('{"defaultAction": "a\\d"}'), []);
    assert.deepEqual(safe('{"defaultAction": "SCMP_ACT_ALLOW"}, "syscalls": []}'), []);
    assert.deepEqual(safe('apiVersion: v1\n'), []);
  });

  it('offers to remove the brace that ends a profile early', () => {
    assert.equal(
      fixed(jsonSyntax, '{"defaultAction": "SCMP_ACT_ALLOW"}, "syscalls": []}'),
      '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": []}',
    );
  });

  it('cuts long quotations in messages', () => {
    const [finding] = findingsOf(jsonSyntax, `{"defaultAction": ${'x'.repeat(300)}}`);
    assert.ok(finding!.message.length < 200, finding!.message);
  });
});

describe('repairs', () => {
  it('of every cut profile end in JSON or leave an error that says why not', () => {
    const text = allowing(
      '{"names": ["bpf", "mount"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 5, "op": "SCMP_CMP_EQ"}]}',
    );
    for (let i = 1; i < text.length; i++) {
      const repaired = fixAll(text.slice(0, i), { target: defaultTarget() });
      const left = findingsIn(repaired).filter((finding: { readonly check: Check }) => CODES.has(finding.check.code));
      if (left.length === 0) assert.doesNotThrow(() => JSON.parse(repaired), text.slice(0, i));
      else assert.throws(() => JSON.parse(repaired), text.slice(0, i));
    }
  });

  it('take time in proportion to the damage', () => {
    const time = (text: string): number => {
      const started = process.cpuUsage();
      for (const check of textChecks) findingsOf(check, text);
      return process.cpuUsage(started).user / 1000;
    };
    for (const piece of ['"a" ', '"a": ', '{"a"} ', '["a":1]', '# x\n']) {
      time(`[${piece.repeat(200)}`);
      const small = Math.min(time(`[${piece.repeat(500)}`), time(`[${piece.repeat(500)}`));
      const large = Math.min(time(`[${piece.repeat(5000)}`), time(`[${piece.repeat(5000)}`));
      assert.ok(large < Math.max(small, 20) * 40, `${piece}: ${small} ms, ten times as long ${large} ms`);
    }
  });
});
