import assert from 'node:assert/strict';
import fs from 'node:fs';
import { defaultProfiles } from '../../server/src/catalog/index.ts';
import { isSeccompProfile } from '../../server/src/recognise.ts';

const PROFILES: Readonly<Record<string, string>> = {
  'a profile': '{ "defaultAction": "SCMP_ACT_ALLOW" }',
  'a profile with its action last': '{ "syscalls": [{ "names": ["a"] }], "defaultAction": "SCMP_ACT_LOG" }',
  'keys in another letter case, as Go takes them': '{ "DefaultAction": "SCMP_ACT_ALLOW" }',
  'a profile without defaultAction': '{ "syscalls": [{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }] }',
  'an archMap alone': '{ "archMap": [{ "architecture": "SCMP_ARCH_X86_64" }] }',
  'a rule': '{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }',
  'an old rule': '{ "name": "mkdir", "action": "SCMP_ACT_ERRNO", "args": [] }',
  'a list of rules': '[{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }, 7]',
  'a byte order mark': '\uFEFF{ "defaultAction": "SCMP_ACT_ALLOW" }',
  'comments on top': '# a\n// b { \n/* "c" { */ { "defaultAction": "SCMP_ACT_ALLOW" }',
  'missing commas': '{ "comment": "x" "defaultAction": "SCMP_ACT_ALLOW" "syscalls": [ }',
  'a string that does not end': '{ "comment": "x\n "defaultAction": "SCMP_ACT_ALLOW" }',
  'quotes in strings': '{ "comment": "\\"}{", "defaultAction": "SCMP_ACT_ALLOW" }',
  'a schema of its own': '{ "$schema": "https://example.org/seccomp.json", "defaultAction": "SCMP_ACT_ALLOW" }',
  'what is typed just now': '{ "defaultAction": "SCMP_ACT_ERR',
};

const OTHERS: Readonly<Record<string, string>> = {
  nothing: '',
  'an object without anything of the format': '{ "a": 1 }',
  'the keys without the words': '{ "defaultAction": 2, "syscalls": [] }',
  'an OCI configuration': '{ "ociVersion": "1.0.1", "linux": { "seccomp": { "defaultAction": "SCMP_ACT_ALLOW" } } }',
  'an OCI configuration with the keys at its root': '{ "ociVersion": "1.2", "defaultAction": "SCMP_ACT_ALLOW" }',
  'a JSON schema':
    '{ "$schema": "http://json-schema.org/draft-04/schema#", "defaultAction": { "enum": ["SCMP_ACT_ALLOW"] } }',
  'definitions of a schema': '{ "definitions": {}, "syscalls": { "enum": ["SCMP_ACT_ALLOW"] } }',
  'a profile inside of something': '{ "spec": { "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [] } }',
  'a list of profiles': '[{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [] }]',
  'the words in a text': '{ "readme": "defaultAction: SCMP_ACT_ALLOW", "name": "x" }',
  "Firecracker's format": '{ "main": { "default_action": "trap", "filter_action": "allow", "filter": [] } }',
  'a template': '{{ if .seccomp }}\n{ "defaultAction": "SCMP_ACT_ALLOW" }',
  YAML: 'defaultAction: SCMP_ACT_ALLOW\nsyscalls: []',
  'text before the root': 'profile:\n{ "defaultAction": "SCMP_ACT_ALLOW" }',
  'a string': '"defaultAction SCMP_ACT_ALLOW"',
  'what comes behind the first 64 KiB': `{ "a": "${'x'.repeat(70_000)}", "defaultAction": "SCMP_ACT_ALLOW" }`,
};

describe('recognition', () => {
  for (const [what, text] of Object.entries(PROFILES))
    it(`takes ${what}`, () => assert.equal(isSeccompProfile(text), true));

  for (const [what, text] of Object.entries(OTHERS))
    it(`leaves ${what} alone`, () => assert.equal(isSeccompProfile(text), false));

  it('does not care in which order keys come, nor for words where they are no keys of the root', () => {
    const own = [
      '"defaultAction": "SCMP_ACT_ALLOW"',
      '"syscalls": [{ "names": ["a"], "args": [{}] }]',
      '"ArchMap": []',
    ];
    const foreign = [
      '"ociVersion": "1"',
      '"OCIVersion" : 1',
      '"definitions":{}',
      '"$schema": "http://json-schema.org/7"',
    ];
    const harmless = [
      '"a": { "ociVersion": "1", "definitions": [] }',
      '"comment": "definitions of ociVersion\\": http://json-schema.org"',
      '// "definitions": {}\n"b": 1',
      '"$schema": "https://example.org/json-schema"',
      '"id": "http://json-schema.org"',
    ];
    for (const [words, expected] of [
      [foreign, false],
      [harmless, true],
    ] as const)
      for (const word of words)
        for (let place = 0; place <= own.length; place++) {
          const text = `{ ${own.toSpliced(place, 0, word).join(', ')} }`;
          assert.equal(isSeccompProfile(text), expected, text);
        }
  });

  it('takes every default profile and every example', () => {
    for (const { id, text } of defaultProfiles()) assert.ok(isSeccompProfile(text), id);
    const examples = fs.readdirSync('examples').filter((name) => /^[^.]+\.json$/.test(name));
    assert.ok(examples.length >= 5);
    for (const name of examples) assert.ok(isSeccompProfile(fs.readFileSync(`examples/${name}`, 'utf8')), name);
  });

  it('takes every profile however it is cut off behind its first line of words', () => {
    const text = fs.readFileSync('examples/tutorial.json', 'utf8');
    for (let end = text.indexOf('SCMP_ACT') + 8; end < text.length; end++)
      assert.ok(isSeccompProfile(text.slice(0, end)), `cut at ${end}`);
  });

  it('takes no longer for hostile texts', () => {
    const pieces = ['/*', '/**/', '"\\', '{', '"a" ', '{"a', '\\"', '#', '"a"          ', '[[', '/* *'];
    for (const piece of pieces)
      for (const start of ['SCMP_', '// SCMP_\n', '{ "SCMP_": ', '[']) {
        const from = performance.now();
        isSeccompProfile(`${start}${piece.repeat(70_000 / piece.length)} SCMP_`);
        assert.ok(performance.now() - from < 500, JSON.stringify(start + piece));
      }
  });
});
