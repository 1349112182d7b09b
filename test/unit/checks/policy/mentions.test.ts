import assert from 'node:assert/strict';
import { conflictingRules } from '../../../../server/src/checks/policy/conflicting-rules.ts';
import { notifyNotAllowed } from '../../../../server/src/checks/values/notify-not-allowed.ts';
import { findingsOf, fixed } from '../harness.ts';

describe('a fix that takes a name out of a rule', () => {
  it('takes all of its mentions, where one would do the same: notify-not-allowed', () => {
    const text = `{ "defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/run/agent", "syscalls": [
      { "names": ["write", "read", "write"], "action": "SCMP_ACT_NOTIFY" }] }`;
    const mended = fixed(notifyNotAllowed, text);
    assert.deepEqual(findingsOf(notifyNotAllowed, mended), [], mended);
  });

  for (const [what, text] of [
    ['the rule that counts', ['"bpf", "read", "bpf"', 'SCMP_ACT_ALLOW', 'SCMP_ACT_KILL_PROCESS']],
    ['the rule against the default', ['"bpf", "read", "bpf"', 'SCMP_ACT_ALLOW', 'SCMP_ACT_ERRNO']],
  ] as const)
    it(`takes all of its mentions, where one would do the same: ${what} of conflicting-rules`, () => {
      const [names, first, second] = text;
      const profile = `{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
        { "names": [${names}], "action": "${first}" },
        { "names": ["bpf"], "action": "${second}" }] }`;
      assert.equal(findingsOf(conflictingRules, profile).length, 1);
      const mended = fixed(conflictingRules, profile, {}, /from rule 1/);
      assert.deepEqual(findingsOf(conflictingRules, mended), [], mended);
    });
});
