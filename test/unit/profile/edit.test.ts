import assert from 'node:assert/strict';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { editProfile, isTakenOver } from '../../../server/src/profile/edit.ts';
import type { Rule } from '../../../server/src/profile/model.ts';
import { random } from '../../differential/random.ts';
import { applied, assertSame, BASES, type Change, changed, playEdits } from './edits.ts';

/** What a text becomes when the first place of a piece gives way to another. */
function change(text: string, piece: string, inserted: string): Change {
  const start = text.indexOf(piece);
  assert.ok(start >= 0, `no ${piece} in the text`);
  return { start, end: start + piece.length, length: inserted.length, inserted };
}

/** `applied` asserts what the outcome is. */
function edited(text: string, piece: string, inserted: string) {
  return applied(parseProfile(text), change(text, piece, inserted));
}

/** All that a rule holds but where it stands. */
function contentsOf(rule: Rule): unknown {
  const isPlace = (key: string): boolean => key === 'start' || key === 'end' || key === 'colon';
  const plain = (key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : isPlace(key) ? 0 : value);
  return JSON.parse(JSON.stringify(rule, plain));
}

describe('a profile that is changed inside of one rule', () => {
  const text = BASES.small!;

  for (const [piece, inserted] of [
    ['clone', 'clones'],
    ['clone', 'clon'],
    ['"clone", ', ''],
    ['"ioctl"', '"ioctl", ""'],
    ['"ioctl"', '"ioctl",'],
    ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG'],
    ['18446744073709551615', '5'],
    ['"index": 1', '"index": '],
    ['4.8', '5.10'],
    [', "excludes": {}', ''],
    ['{ "index": 0 }', '{ "index": 0, // {\n }'],
    ['"read"', '"read", "args": [{}], "includes": {}'],
  ] as const)
    it(`is parsed there only: ${JSON.stringify(piece)} becomes ${JSON.stringify(inserted)}`, () => {
      assert.ok(edited(text, piece, inserted));
    });

  for (const [what, piece, inserted] of [
    ['outside of rules', 'SCMP_ACT_ERRNO', 'SCMP_ACT_LOG'],
    ['between rules', '\n    { "name"', '\n     { "name"'],
    ['of all of a rule', '\n    {}', '\n    {"names": []}'],
    ['over the end of a rule', '} },\n    {', '} },\n    { '],
    ['that ends a rule early', '"read", ', '"read" }, { '],
    ['that ends a string late', '"read", ', '"read, '],
    ['that makes the rest a comment', '"SCMP_ACT_KILL"', '"SCMP_ACT_KILL" /*'],
    ['that makes the rest of a line a comment', '"SCMP_ACT_KILL"', '"SCMP_ACT_KILL" //'],
    ['that takes a bracket', '"minKernel": "4.8" }', '"minKernel": "4.8" '],
    ['that nests too deep', '"read"', '['.repeat(300)],
  ] as const)
    it(`is parsed anew after a change ${what}`, () => {
      assert.equal(edited(text, piece, inserted), undefined);
    });

  it('keeps every object outside of the rule', () => {
    const document = parseProfile(text);
    const { profile, tree, views } = document;
    const said = contentsOf(profile!.rules[0]!);
    const at = change(text, 'SCMP_ACT_ALLOW', 'SCMP_ACT_LOG');
    const after = editProfile(document, changed(text, at), at);
    assert.ok(profile && after?.document.profile);
    assert.equal(after.document.tree.root, tree.root);
    assert.equal(after.document.profile.view, profile.view);
    assert.notEqual(after.document.profile, profile);
    assert.notEqual(after.document.rules, profile.rules);
    assert.deepEqual(
      after.document.rules.map((rule, i) => rule === profile.rules[i]),
      [false, true, true],
    );
    assert.equal(after.before, profile.rules[0]);
    assert.deepEqual(contentsOf(after.before), said);
    assert.equal(after.after, after.document.rules[0]);
    assert.equal(after.name, undefined);
    assert.equal(after.document.views[1], views[1]);
    assert.equal(after.document.views.at(-1), views.at(-1));
  });

  it('keeps the rule, too, where only one of its names changed', () => {
    const document = parseProfile(text);
    const { profile } = document;
    const [rule] = profile!.rules;
    const names = [...rule!.names];
    const at = change(text, 'ioctl', 'ioctls');
    const after = editProfile(document, changed(text, at), at);
    assert.equal(after?.document.profile?.rules, profile!.rules);
    assert.equal(after?.before, rule);
    assert.equal(after?.after, rule);
    assert.equal(after?.name?.before.value, 'ioctl');
    assert.equal(after.name.after.value, 'ioctls');
    const index = names.indexOf(after.name.before);
    assert.deepEqual(
      rule!.names.map((name, i) => name === names[i]),
      names.map((_, i) => i !== index),
    );
    assert.equal(rule!.names[index], after.name.after);
  });

  it('is not the old document any more, which cannot be changed once again', () => {
    const document = parseProfile(text);
    const at = change(text, 'ioctl', 'ioctls');
    const after = editProfile(document, changed(text, at), at);
    assert.ok(after && isTakenOver(document) && !isTakenOver(after.document));
    assert.equal(editProfile(document, changed(text, at), at), undefined);
    assertSame(after.document, parseProfile(changed(text, at)));
  });

  it('is parsed anew where the text is not what the change makes of it', () => {
    const at = change(text, 'ioctl', 'ioctls');
    assert.equal(editProfile(parseProfile(text), `${changed(text, at)} `, at), undefined);
  });

  it('stays as it is where the change cannot be taken over', () => {
    const document = parseProfile(text);
    const at = change(text, '"read", ', '"read');
    assert.equal(editProfile(document, changed(text, at), at), undefined);
    assert.ok(!isTakenOver(document));
    assertSame(document, parseProfile(text));
  });

  for (const [name, base] of Object.entries(BASES))
    it(`is what a new parse of the text gives, edit after edit: ${name}`, () => {
      const numbers = random(base.length);
      let count = 0;
      for (let sequence = 0; sequence < (base.length > 5000 ? 1 : 8); sequence++) count += playEdits(base, 50, numbers);
      assert.ok(count > 0 || !parseProfile(base).profile?.rules.length, 'no change was taken over');
    });
});
