import assert from 'node:assert/strict';
import { familyGap } from '../../../../server/src/checks/policy/family-gap.ts';
import { findingsOf, fixed } from '../harness.ts';

describe('a gap in a family', () => {
  it('is closed in the empty list that stands beside an old "name"', () => {
    const text =
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"name":"kexec_load","names":[],"action":"SCMP_ACT_ERRNO"}]}';
    assert.equal(
      fixed(familyGap, text, {}, /kexec_file_load/),
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["kexec_load", "kexec_file_load"],"action":"SCMP_ACT_ERRNO"}]}',
    );
    assert.equal(
      fixed(familyGap, text.replace('"names":[]', '"names"'), {}, /kexec_file_load/),
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names": ["kexec_load", "kexec_file_load"],"action":"SCMP_ACT_ERRNO"}]}',
    );
  });

  it('is closed with those names only that the library of the target knows', () => {
    const text =
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mount","fsconfig","fsmount","fsopen","fspick","mount_setattr","move_mount","open_tree"],"action":"SCMP_ACT_ERRNO"}]}';
    const offered = (libseccomp: string) =>
      findingsOf(familyGap, text, { libseccomp }).map(({ severity, fixes }) => [
        severity,
        fixes?.().map(({ title }) => title),
      ]);
    assert.deepEqual(offered('2.6.1'), [['warning', ['Deny open_tree_attr too']]]);
    assert.deepEqual(offered('2.5.4'), [['information', []]]);
  });

  it('that nothing can close is offered nothing, whatever other gaps there are', () => {
    const rule = (names: string): string => `{ "names": [${names}], "action": "SCMP_ACT_ERRNO" }`;
    const text = `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [${rule('"setns", "unshare"')}, ${rule('"clone"')}, ${rule('"mkdir"')}] }`;
    const offers = findingsOf(familyGap, text).map(({ fixes }) => fixes?.().map(({ title }) => title));
    const whole = 'Deny every missing family member in this profile';
    assert.deepEqual(
      offers.map((titles) => titles?.includes(whole)),
      [false, true, true],
    );
    assert.deepEqual(offers[0], []);
  });
});
