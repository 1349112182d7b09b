import assert from 'node:assert/strict';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { readUint } from '../../../server/src/profile/decode.ts';
import { type Profile, ruleNames } from '../../../server/src/profile/model.ts';
import { foldKey, isNoteKey, keySpec } from '../../../server/src/profile/schema.ts';

function profileOf(text: string): Profile {
  const { profile } = parseProfile(text);
  assert.ok(profile, 'no profile');
  return profile;
}

describe('the typed view of a profile', () => {
  it('holds every part with its place in the text', () => {
    const text = `{
      "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "defaultErrno": "ENOSYS",
      "architectures": ["SCMP_ARCH_X86_64"],
      "archMap": [{ "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"] }],
      "flags": ["SECCOMP_FILTER_FLAG_LOG"], "listenerPath": "/run/a.sock", "listenerMetadata": "m",
      "syscalls": [{
        "names": ["clone", "unshare"], "action": "SCMP_ACT_ALLOW", "errnoRet": 1, "errno": "EPERM", "comment": "why",
        "args": [{ "index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ" }],
        "includes": { "caps": ["CAP_SYS_ADMIN"], "arches": ["amd64"], "minKernel": "4.8" }, "excludes": {}
      }]
    }`;
    const profile = profileOf(text);
    const [rule] = profile.rules;
    const [condition] = rule!.conditions;
    assert.equal(profile.defaultAction?.value, 'SCMP_ACT_ERRNO');
    assert.equal(profile.defaultErrnoRet?.value, 38n);
    assert.equal(profile.defaultErrno?.value, 'ENOSYS');
    assert.equal(profile.archMap[0]?.subArchitectures[0]?.value, 'SCMP_ARCH_X86');
    assert.equal(profile.flags?.[0]?.value, 'SECCOMP_FILTER_FLAG_LOG');
    assert.deepEqual([profile.listenerPath?.value, profile.listenerMetadata?.value], ['/run/a.sock', 'm']);
    assert.deepEqual(
      ruleNames(rule!).map(({ value, node }) => [value, text.slice(node.start, node.end)]),
      [
        ['clone', '"clone"'],
        ['unshare', '"unshare"'],
      ],
    );
    assert.deepEqual(
      [condition?.index?.value, condition?.value?.value, condition?.valueTwo?.value, condition?.op?.value],
      [0n, 2114060288n, 0n, 'SCMP_CMP_MASKED_EQ'],
    );
    assert.deepEqual([rule?.errnoRet?.value, rule?.errno?.value, rule?.comment?.value], [1n, 'EPERM', 'why']);
    assert.deepEqual(
      [rule?.includes?.caps[0]?.value, rule?.includes?.arches[0]?.value, rule?.includes?.minKernel?.value],
      ['CAP_SYS_ADMIN', 'amd64', '4.8'],
    );
    assert.deepEqual(rule?.excludes?.caps, []);
  });

  it('matches keys as Go does, whatever their letter case', () => {
    const profile = profileOf('{"DEFAULTACTION": "a", "\u017fyscalls": [{"NAMES": ["x"]}]}');
    assert.equal(profile.defaultAction?.value, 'a');
    assert.equal(profile.rules[0]?.names[0]?.value, 'x');
    assert.equal(keySpec('rule', 'ErrnoRet')?.key, 'errnoRet');
    assert.equal(keySpec('rule', 'errno_ret'), undefined);
    assert.equal(foldKey('\u212aEY'), 'key');
  });

  it('takes the last of equal keys, in any letter case, and marks the others', () => {
    const { view, defaultAction } = profileOf('{"defaultAction": "a", "DefaultAction": "b"}');
    assert.equal(defaultAction?.value, 'b');
    assert.deepEqual(
      view.members.map((member) => member.effective),
      [false, true],
    );
  });

  it('lets null leave what was there before', () => {
    const { view, defaultAction } = profileOf('{"defaultAction": "a", "defaultAction": null}');
    assert.equal(defaultAction?.value, 'a');
    assert.deepEqual(
      view.members.map((member) => member.effective),
      [true, false],
    );
  });

  it('leaves out what is null or of a wrong type', () => {
    const profile = profileOf(
      '{"defaultAction": 5, "syscalls": [null, 1, {"names": "x", "action": null, "args": {}}], "flags": null}',
    );
    assert.equal(profile.defaultAction, undefined);
    assert.equal(profile.rules.length, 1);
    assert.equal(profile.flags, undefined);
    const [rule] = profile.rules;
    assert.deepEqual([rule?.names, rule?.action, rule?.conditions], [[], undefined, []]);
  });

  it('tells an empty list of flags from none', () => {
    assert.deepEqual(profileOf('{"flags": []}').flags, []);
  });

  it('keeps unsigned 64-bit numbers exact and refuses what Go refuses', () => {
    const exact: readonly (readonly [string, bigint])[] = [
      ['0', 0n],
      ['9007199254740993', 9007199254740993n],
      ['18446744073709551615', 18446744073709551615n],
    ];
    for (const [text, value] of exact) assert.equal(readUint(text), value);
    for (const text of ['18446744073709551616', '-1', '1.0', '1e3', '01', '0x1', '', '99999999999999999999'])
      assert.equal(readUint(text), undefined, text);
  });

  it('takes `name` where `names` is empty, and only there', () => {
    const names = (rule: string): readonly string[] => {
      const [first] = profileOf(`{"syscalls": [${rule}]}`).rules;
      return ruleNames(first!).map((name) => name.value);
    };
    assert.deepEqual(names('{"name": "a"}'), ['a']);
    assert.deepEqual(names('{"name": "a", "names": []}'), ['a']);
    assert.deepEqual(names('{"name": "a", "names": ["b"]}'), ['b']);
    assert.deepEqual(names('{}'), []);
  });

  it('recognises what the root is', () => {
    const shapes: Readonly<Record<string, string>> = {
      '{}': 'profile',
      '{"syscalls": []}': 'profile',
      '{"names": ["a"], "action": "b"}': 'rule',
      '{"Name": "a", "Action": "b"}': 'rule',
      '{"names": ["a"], "action": "b", "syscalls": []}': 'profile',
      '[{"names": ["a"], "action": "b"}]': 'rules',
      '[]': 'other',
      '[1]': 'other',
      null: 'other',
      '': 'other',
    };
    for (const [text, shape] of Object.entries(shapes)) assert.equal(parseProfile(text).shape, shape, text);
  });

  it('keeps rules that stand alone, without a profile', () => {
    const document = parseProfile('[{"names": ["a"], "action": "b"}, {"names": ["c"], "action": "d"}]');
    assert.equal(document.profile, undefined);
    assert.deepEqual(
      [...document.ruleOf.values()].map((rule) => [rule.position, rule.names[0]?.value]),
      [
        [0, 'a'],
        [1, 'c'],
      ],
    );
  });

  it('finds the view of each object by its node', () => {
    const document = parseProfile('{"syscalls": [{"args": [{}], "includes": {}}], "archMap": [{}]}');
    assert.deepEqual(document.views.map((view) => view.kind).sort(), [
      'archMapEntry',
      'condition',
      'filter',
      'profile',
      'rule',
    ]);
    for (const view of document.views) assert.equal(document.viewOf.get(view.node), view);
  });

  it('knows keys for notes', () => {
    for (const key of ['comment', '_x', '$schema', 'x-origin', '//', 'Description', 'license'])
      assert.ok(isNoteKey(key), key);
    for (const key of ['names', 'nmaes', 'default_action']) assert.ok(!isNoteKey(key), key);
  });

  it('builds something of every damaged text', () => {
    const text = '{"defaultAction": "a", "syscalls": [{"names": ["b", "c"], "args": [{"index": 0}]}]}';
    for (let i = 0; i <= text.length; i++) {
      const document = parseProfile(text.slice(0, i));
      for (const view of document.views) assert.ok(view.node.end <= i);
    }
  });
});
