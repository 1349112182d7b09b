import assert from 'node:assert/strict';
import { analyse, fixAll, soundFixes } from '../../../../server/src/checks/analyse.ts';
import type { Fix } from '../../../../server/src/checks/check.ts';
import { applyEdits } from '../../../../server/src/checks/edits.ts';
import { errnoFallback } from '../../../../server/src/checks/policy/errno-fallback.ts';
import { byteOrderMark } from '../../../../server/src/checks/text/byte-order-mark.ts';
import { commentInJson } from '../../../../server/src/checks/text/comment-in-json.ts';
import { jsonSyntax } from '../../../../server/src/checks/text/json-syntax.ts';
import { trailingComma } from '../../../../server/src/checks/text/trailing-comma.ts';
import { parseProfile } from '../../../../server/src/profile/build.ts';
import { defaultTarget } from '../../../../server/src/settings.ts';
import { parse } from '../../../../server/src/syntax/parse.ts';
import { Chance } from '../../policy/generate.ts';
import { fixTitles } from '../arguments/expect.ts';
import { findingsIn, fixed } from '../harness.ts';

const repaired = (text: string): string => fixAll(text, { target: defaultTarget() });

/** What is offered in a text, whatever finding offers it. */
const offers = (text: string): readonly string[] =>
  findingsIn(text).flatMap(({ fixes }) => fixes?.().map(({ title }) => title) ?? []);

/** Codes of findings that offer something to do. */
const mendable = (text: string): readonly string[] =>
  findingsIn(text).flatMap(({ check, fixes }) => (fixes?.().length ? check.code : []));

describe('repairs of damaged text', () => {
  it('move a comment that stands right behind the last member', () => {
    const text = '{ "defaultAction": "SCMP_ACT_ALLOW"/* why */ }';
    assert.equal(fixed(commentInJson, text, {}, /Move/), '{ "defaultAction": "SCMP_ACT_ALLOW", "comment": "why" }');
  });

  it('move the words of a comment, not its marks', () => {
    const text = '{\n  /**\n   * one * two\n   ** / three **/\n  "defaultAction": "SCMP_ACT_ALLOW"\n}';
    assert.match(fixed(commentInJson, text, {}, /Move/), /"comment": "one \* two \/ three"/);
  });

  it('have nothing to move of an empty comment, nor where a key may land elsewhere', () => {
    const empty = '{ "defaultAction": "SCMP_ACT_ALLOW" /**/ }';
    assert.deepEqual(fixTitles(commentInJson, empty), ['Remove the comment *']);
    const damaged = '{ "defaultAction": "SCMP_ACT_ALLOW" /* a */ "x" [ }';
    assert.deepEqual(fixTitles(commentInJson, damaged), ['Remove the comment *']);
  });

  it('close a string before a carriage return that stands alone, and behind what only looks like white space', () => {
    assert.equal(fixed(jsonSyntax, '{ "defaultAction\r}'), '{ "defaultAction"\r}');
    assert.equal(fixed(jsonSyntax, '{ "defaultAction\u2028'), '{ "defaultAction\u2028"');
  });

  it('join lines of a string whose break is escaped, and leave escaped backslashes', () => {
    const joined = (text: string): string => fixed(jsonSyntax, `{ "comment": "${text}" }`, {}, /Join/);
    assert.equal(joined('a \\\nb'), '{ "comment": "a b" }');
    assert.equal(joined('a\\\\ \\\nb\\\nc'), '{ "comment": "a\\\\ bc" }');
    assert.equal(joined('a\\\n\tb'), '{ "comment": "a\\tb" }');
    assert.deepEqual(fixTitles(jsonSyntax, '{ "comment": "a\\\\ \\q" }'), ['Write the backslash twice']);
  });

  it('are all that is offered where a number would grow together with what follows', () => {
    const rule = '"names": ["clone3"], "action": "SCMP_ACT_ERRNO"';
    const profile = (tail: string): string => `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ ${rule}${tail} }] }`;
    assert.deepEqual(fixTitles(errnoFallback, profile('0x')), []);
    assert.equal(fixed(errnoFallback, profile(' 0x')), profile(', "errnoRet": 38 0x'));
    assert.equal(fixed(errnoFallback, profile('// why\n')), profile(', "errnoRet": 38// why\n'));
  });

  it('close a bracket where it breaks off, where there is too much damage to try another place', () => {
    const words = 'a'
      .repeat(40)
      .split('')
      .map((word) => `"${word}" "b"`);
    const text = `{ "syscalls": [ "x": ${words.join(' ')} }`;
    assert.equal(fixed(jsonSyntax, text, {}, /Close/), text.replace(/ \}$/, '] }'));
    assert.equal(fixed(jsonSyntax, '{ "syscalls": [ "a", "x": 1 }', {}, /Close/), '{ "syscalls": [ "a"], "x": 1 }');
  });

  it('insert no colon in front of what is the next key, also behind a comment', () => {
    for (const key of ['b', '"b"'])
      for (const gap of ['', ' ', '/* */', '/***/ // x\n'])
        assert.deepEqual(fixTitles(jsonSyntax, `{ "a" ${key}${gap}: 1 }`), [], `${key}${gap}`);
    assert.deepEqual(fixTitles(jsonSyntax, '{ "a" "b"/* */, "c": 1 }'), ['Insert a colon *']);
    const many = `${'/* *//**/ /***/'.repeat(60)}${'// '.repeat(60)}`;
    assert.deepEqual(fixTitles(jsonSyntax, `{ "a" "b"${many}\n, "c": 1 }`), ['Insert a colon *']);
    assert.deepEqual(fixTitles(jsonSyntax, `{ "a" "b"${many}\n: 1 }`), []);
  });

  it('make no list of braces with more than words in them', () => {
    assert.deepEqual(fixTitles(jsonSyntax, '{ "names": { "a", "b" } }'), ['Replace { } with [ ] *']);
    assert.ok(!offers('{ "names": { "a", ["b" "c" } "d": 1').includes('Replace { } with [ ]'));
  });

  it('take away all byte order marks', () => {
    assert.equal(fixed(byteOrderMark, '\uFEFF\uFEFF{}'), '{}');
  });

  it('remove what follows the profile, also where it cannot be seen', () => {
    assert.equal(
      fixed(jsonSyntax, '{ "defaultAction": "SCMP_ACT_ALLOW" }\uFEFF\n', {}, /Remove/),
      '{ "defaultAction": "SCMP_ACT_ALLOW" }\n',
    );
  });

  it('remove a brace that ends the profile early only where a key follows', () => {
    const titles = (tail: string): readonly string[] =>
      fixTitles(jsonSyntax, `{ "defaultAction": "SCMP_ACT_ALLOW" }, ${tail}`);
    assert.ok(titles('"syscalls": [] }').includes('Remove the brace that ends the profile early'));
    assert.deepEqual(titles('"}'), ['Remove it']);
  });

  it('leave a brace that may end something else', () => {
    const brace = 'Remove the brace that ends the profile early';
    assert.ok(offers('{ "syscalls": [] }, "a": 1 }').includes(brace));
    assert.ok(!offers('{ "syscalls": ["" }, "a": }').includes(brace), 'the list is open');
    assert.ok(!offers('{ "syscalls": [] }, "a": ] }').includes(brace), 'the rest is damaged as well');
  });

  it('do not turn brackets to and fro', () => {
    const text = '{ "syscalls": ["",:] }';
    assert.equal(repaired(text), text);
    const swapped = '{ "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO", "args": ["index": 1] }] }';
    assert.match(repaired(swapped), /"args": \[\{"index": 1\}\]/);
  });

  it('put braces only around pairs of a key and a value', () => {
    const pairs = (inside: string): boolean =>
      offers(`{ "args": [${inside}] }`).includes('Put { } inside the brackets');
    assert.ok(pairs('"index": 1, "value": {}'));
    assert.ok(pairs('"index": 1 "value": 2,'));
    assert.ok(!pairs('"index":, "value" 1'));
    assert.ok(!pairs('"index": 1, "value"'));
    assert.ok(!offers('{ "args"[]: "" }').includes('Put { } inside the brackets'), 'the colon stands behind the list');
  });

  it('take the comma away with a key only where another one is left', () => {
    const text = '{"name"[""]"action":,"args""args":""';
    const removal = findingsIn(text).flatMap(({ fixes }) => fixes?.() ?? []);
    const { edits } = removal.find(({ title }) => title === 'Remove this "args"')!;
    assert.equal(applyEdits(text, edits), '{"name"[""]"action":,"args":""');
  });

  it('close no brackets that are nested too deep to be read', () => {
    assert.deepEqual(mendable('['.repeat(300)), []);
    assert.deepEqual(mendable('['.repeat(150)), ['json-syntax']);
  });

  it('close no bracket by what stands behind a #', () => {
    const brackets = (text: string): readonly string[] =>
      findingsIn(text).flatMap(({ message }) => (message.includes('never closed') ? message : []));
    assert.deepEqual(brackets('{#"" ["""\n"":[""""]}'), [], 'the bracket is part of the comment');
    const inside = '{"" [#"\n"":[""""]}';
    assert.equal(brackets(inside).length, 1);
    assert.ok(!offers(inside).includes('Close the bracket'), 'it could be closed in the comment');
    assert.equal(repaired('{ "flags": [ # none\n ], "syscalls": ['), '{ "flags": [\n ], "syscalls": []\n}');
  });

  it('close a bracket early only where that leaves no more damage', () => {
    const text = '{"": [""""[""""]"":t""r""c""}';
    const [edit] = findingsIn(text).find(({ message }) => message.includes('never closed'))!.fixes!()[0]!.edits;
    assert.equal(edit?.start, text.length - 1);
    assert.equal(fixed(jsonSyntax, '{ "flags": ["A", "syscalls": [] }'), '{ "flags": ["A"], "syscalls": [] }');
  });

  it('keep a comment apart from what stands in front of a comma', () => {
    assert.equal(fixed(trailingComma, '{ "errnoRet": 1,//why\n}'), '{ "errnoRet": 1 //why\n}');
    assert.equal(repaired('{ "a": 1,//why\n}'), '{ "a": 1 \n}');
  });

  it('close a bracket that stands where a key is due, not the one around it', () => {
    const text = '{""{"",[{{""}]';
    const inner = findingsIn(text).find(({ message, span }) => message.includes('never closed') && span.start === 8)!;
    const mended = applyEdits(text, inner.fixes!()[0]!.edits);
    assert.equal(mended, '{""{"",[{{""}}]');
  });

  it('put no colon in front of the next key', () => {
    for (const key of ['names', '"names"', 'n\u007F', 'naïve'])
      assert.ok(!offers(`{ "syscalls" ${key}: [] }`).includes('Insert a colon'), key);
    assert.doesNotMatch(repaired('{"""]"[{"":[""],"":""}]}'), /"":"]":/, 'the next key lacks its colon too');
  });

  it('are all that is offered behind a quote or a bracket that is missing', () => {
    assert.deepEqual(mendable('{ "defaultAction": "SCMP_ACT_ERRNO""'), ['json-syntax']);
    assert.deepEqual(mendable('{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{'), ['json-syntax']);
    const before =
      '{\n "defaultAction": "SCMP_ACT_ALOW",\n "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }],\n "x": "\n}';
    assert.ok(mendable(before).length > 0);
  });
});

describe('all repairs together', () => {
  const damage = (text: string): number => parse(text).problems.length;

  it('leave out what damages the rest, and keep what does not', () => {
    const text = '{"b",,[ \n1}:{:""1"b"" }["",[';
    const after = repaired(text);
    assert.notEqual(after, text);
    assert.ok(damage(after) <= damage(text), after);
    assert.equal(repaired(after), after);
  });

  it('never damage a text more, whatever it is', () => {
    const random = new Chance(5);
    const pieces = ['""', '"a"', '"b"', ':', ',', '[', ']', '{', '}', 't', ' ', '\n', '1', '"', '/**/'];
    for (let round = 0; round < 400; round++) {
      const text = `{${Array.from({ length: 4 + random.below(30) }, () => random.pick(pieces)).join('')}`;
      const after = repaired(text);
      // an open string hides what is damaged as well
      if (!text.includes('"""') && !/(^|[^"])"(?![^"\n]*")/.test(text))
        assert.ok(damage(after) <= damage(text), `${JSON.stringify(text)} becomes ${JSON.stringify(after)}`);
    }
  });
});

describe('a rule whose text is damaged', () => {
  it('is not copied', () => {
    const rule = (middle: string) =>
      `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["socket"], "action": "SCMP_ACT_ERRNO"${middle} "args": [
        { "index": 0, "value": 1, "op": "SCMP_CMP_GE" }, { "index": 0, "value": 9, "op": "SCMP_CMP_LE" }] }] }`;
    const splits = (text: string) =>
      findingsIn(text)
        .flatMap(({ fixes }) => fixes?.() ?? [])
        .filter(({ title }) => title.startsWith('Split into one rule'));
    assert.ok(splits(rule(',')).length > 0);
    assert.deepEqual(splits(rule('')), []);
  });
});

describe('the fixes that are offered', () => {
  const insertion = (text: string): Fix => ({ title: text, edits: [{ start: 2, end: 2, text }], safe: true });
  const offered = (text: string): readonly string[] => {
    const analysis = analyse(parseProfile(text), { target: defaultTarget() });
    const [finding] = analysis.findings;
    const fixes = (): readonly Fix[] => ['"', ' ', '['].map(insertion);
    return soundFixes(analysis, { ...finding!, fixes }).map(({ title }) => title);
  };

  it('leave a damaged text no further from JSON than it is', () => {
    assert.deepEqual(offered('{ "defaultAction": "SCMP_ACT_ALLOW",, "syscalls": [] }'), [' ']);
  });

  it('are not tried where nothing is damaged, nor for a string that had swallowed what follows', () => {
    assert.equal(offered('{ "defaultAction": "SCMP_ACT_ALLO", "syscalls": [] }').length, 3);
    assert.equal(offered('{ "defaultAction": "SCMP_ACT_ALLOW').length, 3);
  });
});
