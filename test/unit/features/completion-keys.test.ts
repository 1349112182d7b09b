import assert from 'node:assert/strict';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { accepted, completionAt, expectFound, expectNothing, itemAt, labelsAt } from './marker.ts';

describe('completion of keys', () => {
  it('offers the keys of a profile, the required one first', () => {
    const labels = labelsAt('{|}');
    assert.equal(labels[0], 'defaultAction');
    for (const key of ['architectures', 'archMap', 'flags', 'syscalls']) assert.ok(labels.includes(key), key);
    for (const key of ['names', 'action', 'index', 'caps', 'subArchitectures']) assert.ok(!labels.includes(key), key);
  });

  it('offers the keys of a rule, the deprecated one last', () => {
    const labels = labelsAt('{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [ { | } ] }');
    assert.deepEqual(labels.slice(0, 2), ['names', 'action']);
    assert.equal(labels.at(-1), 'name');
    assert.ok(!labels.includes('syscalls'));
  });

  it('offers the keys of conditions, filters and entries of archMap', () => {
    assert.deepEqual(labelsAt('{"syscalls":[{"args":[{|}]}]}').toSorted(), ['index', 'op', 'value', 'valueTwo']);
    assert.deepEqual(labelsAt('{"syscalls":[{"includes":{|}}]}'), ['caps', 'arches', 'minKernel']);
    assert.deepEqual(labelsAt('{"archMap":[{|}]}'), ['architecture', 'subArchitectures']);
  });

  it('leaves out what is there, whatever its case, and what says the same', () => {
    const labels = labelsAt('{"syscalls":[{"NAMES":["read"],"action":"SCMP_ACT_ALLOW", |}]}');
    for (const key of ['names', 'name', 'action']) assert.ok(!labels.includes(key), key);
    assert.ok(!labelsAt('{"architectures":[], |}').includes('archMap'));
  });

  it('keeps the key under the cursor in the list', () => {
    assert.ok(labelsAt('{"defaultAct|": "SCMP_ACT_ALLOW"}').includes('defaultAction'));
  });

  it('says which keys the target ignores and puts them behind the others', () => {
    const docker = labelsAt('{"syscalls":[{|}]}');
    assert.ok(docker.indexOf('errno') > docker.indexOf('excludes'));
    assert.equal(itemAt('{"syscalls":[{|}]}', 'errno').detail, 'ignored by Docker');
    assert.equal(itemAt('{"syscalls":[{|}]}', 'errno', { runtime: 'podman' }).detail, undefined);
    assert.equal(itemAt('{"syscalls":[{|}]}', 'includes', { runtime: 'containerd' }).detail, 'ignored by containerd');
  });

  it('offers the keys of a rule that stands alone', () => {
    assert.ok(labelsAt('{"names": ["read"], "action": "SCMP_ACT_ALLOW", |}').includes('args'));
    assert.ok(labelsAt('[{"names": ["read"], "action": "SCMP_ACT_ALLOW", |}]').includes('args'));
  });

  it('offers nothing in objects that the format does not have', () => {
    expectNothing('{"hooks": {|}}');
    expectNothing('{"defaultAction": {|}}');
    expectNothing('{"syscalls": {|}}');
  });
});

describe('a completed key', () => {
  const cases: readonly (readonly [title: string, source: string, label: string, expected: string])[] = [
    ['brings its value', '{|}', 'defaultErrnoRet', '{"defaultErrnoRet": 1}'],
    ['brings the brackets of a list', '{"syscalls":[{|}]}', 'names', '{"syscalls":[{"names": [""]}]}'],
    ['brings an object', '{"syscalls":[{|}]}', 'includes', '{"syscalls":[{"includes": { "caps": [""] }}]}'],
    ['replaces a half-typed word', '{na|}', 'flags', '{"flags": [""]}'],
    ['replaces a half-typed string', '{"fla|"}', 'flags', '{"flags": [""]}'],
    ['replaces all of a string', '{"fl|xyz"}', 'flags', '{"flags": [""]}'],
    ['closes a string', '{"fla|', 'flags', '{"flags": [""]'],
    ['closes a string before a bracket', '{"fla|}', 'flags', '{"flags": [""]}'],
    ['adds the comma that follows', '{| "flags": []}', 'listenerPath', '{"listenerPath": "", "flags": []}'],
    ['adds the comma behind a string', '{"lis|" "flags": []}', 'listenerPath', '{"listenerPath": "", "flags": []}'],
    ['needs no comma before a comma', '{"lis|", "flags": []}', 'listenerPath', '{"listenerPath": "", "flags": []}'],
    ['adds the comma before it', '{"flags": [] |}', 'listenerPath', '{"flags": [], "listenerPath": ""}'],
    ['adds the comma before a word', '{"flags": []\n lis|\n}', 'listenerPath', '{"flags": [],\n "listenerPath": ""\n}'],
    ['keeps colon and value', '{"listen|": "/run/a.sock"}', 'listenerPath', '{"listenerPath": "/run/a.sock"}'],
    ['keeps the colon behind a word', '{listen|: "/run/a.sock"}', 'listenerPath', '{"listenerPath": "/run/a.sock"}'],
    ['keeps a colon in a swallowed string', '{"listen|: "a"}', 'listenerPath', '{"listenerPath": "a"}'],
    [
      'stands before a rule without its comma',
      '{"syscalls":[{"names":[],|"args":[]}]}',
      'comment',
      '{"syscalls":[{"names":[],"comment": "","args":[]}]}',
    ],
    [
      'stands in a text that ends early',
      '{"syscalls": [{"names": ["read"], |',
      'comment',
      '{"syscalls": [{"names": ["read"], "comment": ""',
    ],
  ];
  for (const [title, source, label, expected] of cases)
    it(title, () => assert.equal(accepted(source, label), expected));

  it('gives the choices of an action, the likely one first', () => {
    const insert = (source: string): string => itemAt(source, 'action', {}, true).insertText;
    assert.match(insert('{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{|}]}'), /^"action": "\$\{1\|SCMP_ACT_ALLOW,/);
    assert.match(insert('{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{|}]}'), /^"action": "\$\{1\|SCMP_ACT_ERRNO,/);
    assert.equal(itemAt('{"syscalls":[{|}]}', 'action', {}, true).isSnippet, true);
  });

  it('fills in the first choice for an editor without snippets', () => {
    assert.equal(accepted('{|}', 'defaultAction'), '{"defaultAction": "SCMP_ACT_ERRNO"}');
    assert.equal(itemAt('{|}', 'defaultAction').isSnippet, undefined);
  });

  it('spreads a list over lines where its object is spread over lines', () => {
    const spread = '{\n  |\n}';
    assert.match(
      accepted(spread, 'syscalls', {}, true),
      /^\{\n {2}"syscalls": \[\n\t\{ "names": \["\$1"\], .*\}\n\]\n\}$/,
    );
    assert.match(
      accepted(spread.replaceAll('\n', '\r\n'), 'syscalls', {}, true),
      /^\{\r\n {2}"syscalls": \[\r\n\t\{.*\}\r\n\]\r\n\}$/,
    );
    assert.match(accepted('{|}', 'syscalls', {}, true), /^\{"syscalls": \[\{ "names": \["\$1"\], .*\}\]\}$/);
  });

  it('is a profile that parses, with every value in place', () => {
    for (const { label } of completionAt('{|}').items) {
      const text = accepted('{|}', label);
      assert.deepEqual(parseProfile(text).tree.problems, [], text);
    }
  });

  it('is found by what is typed, with and without quotes', () => {
    for (const source of ['{"def|"}', '{def|}', '{"def|', '{\n  "def|"\n  "flags": []\n}'])
      expectFound(source, 'defaultAction');
  });
});

describe('places without completion', () => {
  const sources = [
    '{"defaultAction": "SCMP_ACT_ALLOW"|}',
    '{"flags": []|}',
    '{"flags" |}',
    '{} |',
    '{"defaultAction": | "SCMP_ACT_ALLOW"}',
    '{ // a comment |\n}',
    '{ /* a | comment */ }',
    '{"syscalls":[{"names":["read"|]}]}',
    '{"listenerPath": "/run/|"}',
    '{"syscalls":[{"comment": "|"}]}',
    '{"unknown": "|"}',
    '{"unknown": ["|"]}',
    '[[|]]',
    'null |',
  ];
  for (const source of sources) it(JSON.stringify(source), () => expectNothing(source));
});
