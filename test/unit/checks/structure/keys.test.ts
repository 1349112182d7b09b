import assert from 'node:assert/strict';
import { conflictingRules } from '../../../../server/src/checks/policy/conflicting-rules.ts';
import { duplicateKey } from '../../../../server/src/checks/structure/duplicate-key.ts';
import { keyCase } from '../../../../server/src/checks/structure/key-case.ts';
import { misplacedKey } from '../../../../server/src/checks/structure/misplaced-key.ts';
import { nullEntry } from '../../../../server/src/checks/structure/null-entry.ts';
import { unknownKey } from '../../../../server/src/checks/structure/unknown-key.ts';
import { expectOf, expectSilence, fixTitles } from '../arguments/expect.ts';
import { findingsOf, fixed } from '../harness.ts';

/** A profile with one rule that has these members besides its name and action. */
const withRule = (members: string): string =>
  `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ERRNO"${members}}]}`;
const withTop = (members: string): string => `{"defaultAction": "SCMP_ACT_ALLOW", ${members}, "syscalls": []}`;

describe('unknown-key', () => {
  const spellings: Readonly<Record<string, readonly [string, string]>> = {
    errno_ret: [withRule(', "errno_ret": 1'), 'errnoRet'],
    'err-no-ret': [withRule(', "err-no-ret": 1'), 'errnoRet'],
    include: [withRule(', "include": {}'), 'includes'],
    conditions: [withRule(', "conditions": []'), 'args'],
    operator: [withRule(', "args": [{"operator": "SCMP_CMP_EQ"}]'), 'op'],
    value2: [withRule(', "args": [{"value2": 1, "op": "SCMP_CMP_EQ"}]'), 'valueTwo'],
    cap: [withRule(', "includes": {"cap": []}'), 'caps'],
    architecture: [withTop('"architecture": []'), 'architectures'],
    arch: [withTop('"arch": []'), 'architectures'],
    rules: [withTop('"rulez": 1, "flag": []'), 'flags'],
  };
  for (const [name, [text, key]] of Object.entries(spellings))
    it(`takes ${name} for ${key}`, () => {
      const near = findingsOf(unknownKey, text).filter((finding) => finding.severity === 'error');
      assert.equal(near.length, 1);
      assert.match(near[0]!.message, new RegExp(`Write "${key}"`));
      assert.deepEqual(
        near[0]!.fixes?.().map((fix) => [fix.title, fix.safe]),
        [[`Replace with "${key}"`, false]],
      );
    });

  it('takes a text under a strange key for a note, other values for something meant', () => {
    expectOf(unknownKey, withRule(', "reasonForThis": "x", "priority": 5'), [
      'information "reasonForThis"',
      'warning "priority"',
    ]);
  });

  it('is silent about notes, in every object', () => {
    for (const key of ['comment', '_comment', 'description', 'license', '$schema', 'x-origin', '//']) {
      expectSilence(unknownKey, withTop(`"${key}": "x"`));
      expectSilence(unknownKey, withRule(`, "args": [{"op": "SCMP_CMP_EQ", "${key}": "x"}]`));
    }
  });

  it('does not offer a key beside one that engines refuse together with it', () => {
    const both = withTop('"architectures": ["SCMP_ARCH_X86"], "chMap": []');
    assert.match(findingsOf(unknownKey, both)[0]!.message, /"architectures" is there too; remove one of them/);
    assert.deepEqual(fixTitles(unknownKey, both), []);
    assert.deepEqual(fixTitles(unknownKey, withRule(', "nme": "bpf"')), []);
    assert.deepEqual(
      fixTitles(unknownKey, both, { runtime: 'runc' }),
      ['Replace with "archMap"'],
      'which runc does not read',
    );
  });

  it('leaves no key behind that is null', () => {
    assert.deepEqual(fixTitles(unknownKey, withRule(', "errno_ret": 5, "errnoRet": null')), []);
    assert.deepEqual(fixTitles(misplacedKey, withRule(', "caps": [], "includes": null')), ['Put it into "excludes"']);
    assert.deepEqual(fixTitles(keyCase, withRule(', "errnoRet": 1, "ErrnoRet": 2'), { runtime: 'crun' }), [
      'Remove this "ErrnoRet"',
    ]);
  });

  it('does not offer a key that is there already', () => {
    const text = withTop('"default_action": "SCMP_ACT_LOG"');
    assert.match(findingsOf(unknownKey, text)[0]!.message, /"defaultAction" is there too/);
    assert.deepEqual(fixTitles(unknownKey, text), []);
  });

  it('does not take maxKernel for minKernel', () => {
    const text = withRule(', "includes": {"maxKernel": "5.4"}');
    assert.deepEqual(fixTitles(unknownKey, text), []);
    assert.match(findingsOf(unknownKey, text)[0]!.message, /"minKernel" in "excludes"/);
  });

  it('waits for the colon while a key is typed', () => {
    expectSilence(unknownKey, withRule(', "err"'));
  });
});

describe('misplaced-key', () => {
  it('knows the keys of the defaults at the top level', () => {
    assert.equal(fixed(misplacedKey, withTop('"errnoRet": 38')), withTop('"defaultErrnoRet": 38'));
    assert.equal(
      fixed(misplacedKey, '{"action": "SCMP_ACT_ALLOW", "syscalls": []}'),
      '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": []}',
    );
    assert.deepEqual(fixTitles(misplacedKey, withTop('"action": "SCMP_ACT_LOG"')), []);
  });

  it('puts the conditions of a rule into the object that is free', () => {
    assert.equal(
      fixed(misplacedKey, withRule(', "minKernel": "4.8"')),
      withRule(', "includes": { "minKernel": "4.8" }'),
    );
    assert.deepEqual(fixTitles(misplacedKey, withRule(', "caps": [], "includes": {"arches": []}')), [
      'Put it into "excludes"',
    ]);
  });

  it('does not put where engines read it what they would refuse there', () => {
    assert.deepEqual(fixTitles(misplacedKey, withRule(', "caps": [1]')), []);
    assert.deepEqual(fixTitles(misplacedKey, withRule(', "caps": "CAP_BPF"')), []);
  });

  it('names the object that a key belongs in', () => {
    assert.match(
      findingsOf(misplacedKey, withRule(', "value": 5'))[0]!.message,
      /belongs in a condition, not in a rule/,
    );
    expectOf(misplacedKey, withRule(', "index": 0, "op": "SCMP_CMP_EQ"'), ['error "index"', 'error "op"']);
  });

  it('is silent about keys in their place', () => {
    expectSilence(
      misplacedKey,
      withRule(', "includes": {"caps": []}, "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]'),
    );
  });
});

describe('key-case', () => {
  it('is information for readers in Go and an error for crun', () => {
    const text = withRule(', "ErrnoRet": 1');
    expectOf(keyCase, text, ['information "ErrnoRet"']);
    expectOf(keyCase, text, ['information "ErrnoRet"'], { runtime: 'podman' });
    expectOf(keyCase, text, ['error "ErrnoRet"'], { runtime: 'crun' });
    assert.equal(fixed(keyCase, text), withRule(', "errnoRet": 1'));
  });

  it('knows the long s, which Go folds too', () => {
    expectOf(keyCase, '{"defaultAction": "SCMP_ACT_ALLOW", "\u017fyscalls": []}', ['information "\u017fyscalls"']);
  });

  it('says nothing of a key that a later one replaces', () => {
    expectSilence(keyCase, '{"DefaultAction": "SCMP_ACT_LOG", "defaultAction": "SCMP_ACT_ALLOW"}');
  });
});

describe('duplicate-key', () => {
  it('marks the value that does not count, whatever the letter case', () => {
    expectOf(duplicateKey, '{"DefaultAction": "SCMP_ACT_LOG", "defaultAction": "SCMP_ACT_ALLOW"}', [
      'error "DefaultAction"',
    ]);
    const [finding] = findingsOf(duplicateKey, withRule(', "action": "SCMP_ACT_LOG", "action": "SCMP_ACT_KILL"'));
    assert.equal(finding?.related?.length, 1);
  });

  it('says that lists of objects and objects are mixed, not replaced', () => {
    const twice = '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["a"]}], "syscalls": [{"names": ["b"]}]}';
    assert.match(findingsOf(duplicateKey, twice)[0]!.message, /fills what its objects leave out/);
    assert.match(findingsOf(duplicateKey, withRule(', "includes": {"caps": []}, "includes": {}'))[0]!.message, /fills/);
    assert.doesNotMatch(findingsOf(duplicateKey, withRule(', "names": []'))[0]!.message, /fills/);
  });

  it('removes safely only what makes no difference', () => {
    const safe = (text: string): readonly boolean[] =>
      (findingsOf(duplicateKey, text)[0]?.fixes?.() ?? []).map((fix) => fix.safe);
    assert.deepEqual(safe(withRule(', "action": "SCMP_ACT_ERRNO"')), [true]);
    assert.deepEqual(safe(withRule(', "action": null')), [true]);
    assert.deepEqual(safe(withRule(', "action": "SCMP_ACT_LOG"')), [false]);
  });

  it('takes no null for idle that keeps objects from mixing', () => {
    const safe = (text: string): readonly boolean[] =>
      findingsOf(duplicateKey, text).flatMap((finding) => (finding.fixes?.() ?? []).map((fix) => fix.safe));
    const args = (...values: string[]): string => withRule(values.map((value) => `, "args": ${value}`).join(''));
    assert.deepEqual(safe(args('null', '[{"op": "SCMP_CMP_EQ"}]')), [true]);
    assert.deepEqual(safe(args('[{"value": 5}]', 'null', '[{"op": "SCMP_CMP_EQ"}]')), [false, false]);
  });

  it('offers to remove a null that empties what was there', () => {
    const text = withRule(', "args": [{"op": "SCMP_CMP_EQ"}], "args": null');
    const [finding] = findingsOf(duplicateKey, text);
    assert.match(finding!.message, /The null empties it again/);
    assert.deepEqual(fixTitles(duplicateKey, text), ['Remove the "args" that is null', 'Remove this "args"']);
    assert.equal(
      fixed(duplicateKey, '{"defaultAction":"a","syscalls":[{"names":["a"]}],"syscalls":null}'),
      '{"defaultAction":"a","syscalls":[{"names":["a"]}]}',
    );
    const two = withRule(', "args": [], "args": null, "args": null');
    assert.deepEqual(fixTitles(duplicateKey, two)[0], 'Remove every "args" that is null');
    assert.equal(fixed(duplicateKey, two), withRule(', "args": []'));
    const [filter] = findingsOf(duplicateKey, withRule(', "includes": {}, "includes": null'));
    assert.match(filter!.message, /To Docker the null empties it again, to Podman and Docker before 23 it does not/);
  });

  it('removes one of two in any layout', () => {
    assert.equal(
      fixed(duplicateKey, '{"defaultAction":"a","defaultAction":"b","syscalls":[]}'),
      '{"defaultAction":"b","syscalls":[]}',
    );
    assert.equal(
      fixed(duplicateKey, '{\r\n  "syscalls": [],\r\n  "defaultAction": "a",\r\n  "defaultAction": null\r\n}'),
      '{\r\n  "syscalls": [],\r\n  "defaultAction": "a"\r\n}',
    );
  });

  it('is to be mended before anything else where rules are put together from several', () => {
    const rule = '{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO", "errnoRet": 5}';
    const rest = '{"names": ["bpf"], "action": "SCMP_ACT_LOG"}, {"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}';
    const once = `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [${rule}, ${rest}]}`;
    const twice = once.replace('"syscalls"', `"syscalls": [${rule}], "syscalls"`);
    assert.ok(fixTitles(conflictingRules, once).length > 0);
    expectOf(conflictingRules, twice, ['warning "bpf"']);
    assert.deepEqual(fixTitles(conflictingRules, twice), []);
  });

  it('leaves no fix where a null leaves a name of the list before', () => {
    const text = withRule(', "names": [null, "mkdir"]');
    const target = { runtime: 'podman' } as const;
    assert.deepEqual(fixTitles(nullEntry, text, target), []);
    assert.deepEqual(fixTitles(nullEntry, withRule(', "args": [null]'), target), ['Remove null *']);
  });

  it('is a warning where a null among names is skipped, an error where it refuses the profile', () => {
    const text = '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": [null], "action": "SCMP_ACT_ERRNO"}]}';
    expectOf(nullEntry, text, ['error null']);
    for (const runtime of ['podman', 'crun'] as const) expectOf(nullEntry, text, ['warning null'], { runtime });
    expectOf(nullEntry, text.replace('"syscalls"', '"flags": [null], "syscalls"'), ['error null', 'warning null'], {
      runtime: 'podman',
    });
  });

  it('is silent about notes and about different keys', () => {
    expectSilence(duplicateKey, withRule(', "comment": "a", "comment": "b", "_x": 1, "_x": 2'));
  });
});
