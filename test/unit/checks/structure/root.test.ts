import assert from 'node:assert/strict';
import { missingAction } from '../../../../server/src/checks/structure/missing-action.ts';
import { missingDefaultAction } from '../../../../server/src/checks/structure/missing-default-action.ts';
import { notAProfile } from '../../../../server/src/checks/structure/not-a-profile.ts';
import { seccompOff } from '../../../../server/src/checks/structure/seccomp-off.ts';
import { unknownKey } from '../../../../server/src/checks/structure/unknown-key.ts';
import { expectOf, expectSilence, fixTitles } from '../arguments/expect.ts';
import { findingsOf, fixed } from '../harness.ts';

const RULE = '{"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}';

describe('not-a-profile', () => {
  it('reports every root that is no object', () => {
    for (const text of ['"x"', '5', 'true', 'null', '[', '[]', '[1]', ''])
      assert.equal(findingsOf(notAProfile, text).length, 1, text);
  });

  it('tells a refusal from a container without filter', () => {
    assert.match(findingsOf(notAProfile, '[]')[0]!.message, /Docker refuses the file/);
    assert.match(findingsOf(notAProfile, 'null')[0]!.message, /with no filter at all/);
    assert.match(findingsOf(notAProfile, '[]', { runtime: 'crun' })[0]!.message, /with no filter at all/);
  });

  it('leaves rules without a profile, comments and other formats to others', () => {
    for (const text of [RULE, `[${RULE}]`, '{}', '# x\n{}', 'apiVersion: v1\n']) expectSilence(notAProfile, text);
  });
});

describe('seccomp-off', () => {
  it('reports what has neither a default action nor rules', () => {
    for (const text of [
      '{}',
      '{"syscalls": []}',
      '{"syscalls": null, "defaultAction": null}',
      '{"defaultAction": ""}',
      '{"architectures": ["SCMP_ARCH_X86_64"]}',
      '{"defaultActoin": "SCMP_ACT_ERRNO"}',
      '{"comment": "nothing"}',
    ])
      expectOf(seccompOff, text, ['error {']);
  });

  it('is what crun makes of rules that it cannot read, and refuses', () => {
    for (const syscalls of ['[null]', '[true]', '{}', '5']) {
      const text = `{"defaultAction": "", "syscalls": ${syscalls}}`;
      expectSilence(seccompOff, text);
      const [finding] = expectOf(seccompOff, text, ['error {'], { runtime: 'crun' });
      assert.match(finding!.message, /crun finds no "defaultAction" and refuses the profile/);
    }
    expectSilence(seccompOff, `{"syscalls": [${RULE}]}`, { runtime: 'crun' });
  });

  it('is silent when the file has either, or is refused for another reason', () => {
    for (const text of [
      '{"defaultAction": "SCMP_ACT_ALLOW"}',
      `{"syscalls": [${RULE}]}`,
      '{"syscalls": {}}',
      '{"syscalls": [null]}',
      '{"defaultAction": 5}',
      '{"defaultAction": }',
      '{"architectures": [',
    ])
      expectSilence(seccompOff, text);
  });

  it('puts a rule into a profile with the other default, in the indentation of the file', () => {
    const rule = (action: string): string => `{\r\n\t"name": "a",\r\n\t"action": "${action}"\r\n}\r\n`;
    assert.equal(
      fixed(seccompOff, rule('SCMP_ACT_ALLOW')),
      '{\r\n\t"defaultAction": "SCMP_ACT_ERRNO",\r\n\t"syscalls": [\r\n\t\t{\r\n\t\t\t"name": "a",\r\n\t\t\t"action": "SCMP_ACT_ALLOW"\r\n\t\t}\r\n\t]\r\n}\r\n',
    );
    assert.match(fixed(seccompOff, rule('SCMP_ACT_KILL')), /"defaultAction": "SCMP_ACT_ALLOW"/);
  });

  it('puts a list of rules into a profile, on one line and on several', () => {
    assert.equal(
      fixed(seccompOff, `[${RULE}, ${RULE}]`),
      `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [${RULE}, ${RULE}] }`,
    );
    assert.equal(
      fixed(seccompOff, `[\n  ${RULE}\n]`),
      `{\n  "defaultAction": "SCMP_ACT_ALLOW",\n  "syscalls": [\n    ${RULE}\n  ]\n}`,
    );
  });

  it('says that a list of rules is refused, and by crun taken for nothing', () => {
    assert.match(findingsOf(seccompOff, `[${RULE}]`)[0]!.message, /Docker refuses the file/);
    assert.match(findingsOf(seccompOff, `[${RULE}]`, { runtime: 'crun' })[0]!.message, /loads no filter/);
    assert.match(findingsOf(seccompOff, '{}', { runtime: 'crun' })[0]!.message, /refuses the profile/);
  });

  it('recognises other formats and takes the profile out of them', () => {
    const oci = '{"ociVersion": "1.0.2", "process": {}, "linux": {"seccomp": {"defaultAction": "SCMP_ACT_ALLOW"}}}';
    assert.match(findingsOf(seccompOff, oci)[0]!.message, /an OCI runtime configuration/);
    assert.equal(fixed(seccompOff, oci), '{"defaultAction": "SCMP_ACT_ALLOW"}');
    expectSilence(unknownKey, oci);
    const kubernetes = '{"apiVersion": "v1", "kind": "SeccompProfile", "spec": {"defaultAction": "SCMP_ACT_LOG"}}';
    assert.match(findingsOf(seccompOff, kubernetes)[0]!.message, /a Kubernetes object/);
    assert.equal(fixed(seccompOff, kubernetes), '{"defaultAction": "SCMP_ACT_LOG"}');
    assert.match(findingsOf(seccompOff, '{"main": {"filter_action": "allow"}}')[0]!.message, /a Firecracker filter/);
  });

  it('offers no default where the key is misspelt, since that is to be corrected', () => {
    assert.deepEqual(fixTitles(seccompOff, '{"defaultActoin": "SCMP_ACT_ERRNO"}'), []);
    assert.equal(fixed(seccompOff, '{"defaultAction": ""}'), '{"defaultAction": "SCMP_ACT_ALLOW"}');
  });
});

describe('missing-default-action', () => {
  it('marks the brace, or the null in place of the action', () => {
    expectOf(missingDefaultAction, `{"syscalls": [${RULE}]}`, ['error {']);
    expectOf(missingDefaultAction, `{"syscalls": [${RULE}], "defaultAction": null}`, ['error null']);
  });

  it('adds what makes sense of most of the rules', () => {
    const allow = '{"names": ["read"], "action": "SCMP_ACT_ALLOW"}';
    assert.equal(
      fixed(missingDefaultAction, `{\n\t"syscalls": [${allow}, ${allow}, ${RULE}]\n}`),
      `{\n\t"defaultAction": "SCMP_ACT_ERRNO",\n\t"syscalls": [${allow}, ${allow}, ${RULE}]\n}`,
    );
    assert.match(
      fixed(missingDefaultAction, `{"defaultAction":null,"syscalls":[${RULE}]}`),
      /^{"defaultAction":"SCMP_ACT_ALLOW",/,
    );
  });

  it('leaves misspelt, misplaced and unfinished ones to others', () => {
    for (const text of [
      `{"default_action": "SCMP_ACT_ALLOW", "syscalls": [${RULE}]}`,
      `{"action": "SCMP_ACT_ALLOW", "syscalls": [${RULE}]}`,
      `{"defaultAction": 5, "syscalls": [${RULE}]}`,
      `{"syscalls": [${RULE}]`,
      '{}',
    ])
      expectSilence(missingDefaultAction, text);
  });
});

describe('missing-action', () => {
  const allowing = (rule: string): string => `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [${rule}]}`;

  it('marks the brace of the rule, or the null', () => {
    expectOf(missingAction, allowing('{"names": ["bpf"]}, {"names": ["bpf"], "action": null}'), [
      'error {',
      'error null',
    ]);
  });

  it('offers the counterpart of the default', () => {
    assert.equal(
      fixed(missingAction, allowing('{"names": ["bpf"]}')),
      allowing('{"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}'),
    );
    assert.match(
      fixed(missingAction, '{"defaultAction": "SCMP_ACT_KILL_PROCESS", "syscalls": [{"names": ["bpf"]}]}'),
      /"action": "SCMP_ACT_ALLOW"/,
    );
  });

  it('is a warning where this host leaves the rule out, unless the runtime does not read conditions', () => {
    const text = allowing('{"names": ["bpf"], "includes": {"arches": ["arm64"]}}');
    expectOf(missingAction, text, ['warning {']);
    expectOf(missingAction, text, ['error {'], { runtime: 'runc' });
    expectOf(missingAction, text, ['error {'], { architecture: 'SCMP_ARCH_AARCH64' });
  });

  it('leaves misspelt, wrong and unfinished ones to others', () => {
    for (const rule of [
      '{"names": ["bpf"], "acton": "SCMP_ACT_ERRNO"}',
      '{"names": ["bpf"], "action": 5}',
      '{"names": ["bpf"], "action": }',
    ])
      expectSilence(missingAction, allowing(rule));
  });
});
