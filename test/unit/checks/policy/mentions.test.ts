import assert from 'node:assert/strict';
import { conflictingRules } from '../../../../server/src/checks/policy/conflicting-rules.ts';
import { duplicateName } from '../../../../server/src/checks/policy/duplicate-name.ts';
import { repeatedSyscall } from '../../../../server/src/checks/policy/repeated-syscall.ts';
import { shadowedCondition } from '../../../../server/src/checks/policy/shadowed-condition.ts';
import { notifyNotAllowed } from '../../../../server/src/checks/values/notify-not-allowed.ts';
import { fixTitles } from '../arguments/expect.ts';
import { findingsOf, fixed } from '../harness.ts';

describe('a fix that takes a name out of a rule', () => {
  it('takes all of its mentions, where one would do the same: notify-not-allowed', () => {
    const text = `{ "defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/run/agent", "syscalls": [
      { "names": ["write", "read", "write"], "action": "SCMP_ACT_NOTIFY" }] }`;
    const mended = fixed(notifyNotAllowed, text);
    assert.deepEqual(findingsOf(notifyNotAllowed, mended), [], mended);
  });

  it('takes all of its mentions, where one would do the same: shadowed-condition', () => {
    const text = `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
      { "names": ["socket", "socket"], "action": "SCMP_ACT_ERRNO" },
      { "names": ["socket"], "action": "SCMP_ACT_ERRNO", "args": [{ "index": 0, "value": 40, "op": "SCMP_CMP_EQ" }] }] }`;
    const mended = fixed(shadowedCondition, text, {}, /from rule 1/);
    assert.deepEqual(findingsOf(shadowedCondition, mended), [], mended);
  });

  it('is not offered so that a rule counts that the next would overrule', () => {
    const rule = (names: string, action: string): string => `{ "names": [${names}], "action": "SCMP_ACT_${action}" }`;
    const offered = (...rules: readonly string[]): readonly string[] =>
      fixTitles(conflictingRules, `{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [${rules.join()}] }`);
    const twice = [rule('"bpf"', 'KILL_PROCESS'), rule('"bpf"', 'LOG')];
    const own = 'Remove "bpf" from this rule, which does not count';
    assert.deepEqual(offered(...twice), [own, 'Remove "bpf" from rule 1, so that this rule counts']);
    assert.deepEqual(offered(rule('"bpf"', 'KILL_PROCESS'), ...twice), [own]);
  });

  it('leaves the mention that counts, where a rule has a name twice', () => {
    const text =
      '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["bpf", "bpf"], "action": "SCMP_ACT_ERRNO" }] }';
    assert.deepEqual(findingsOf(repeatedSyscall, text), []);
    assert.equal(findingsOf(duplicateName, text).length, 1);
    assert.equal(fixed(duplicateName, text), text.replace(', "bpf"', ''));
  });

  it('is sure to change nothing only where libseccomp compiles the rule dependably', () => {
    const twice = (...ops: string[]): string => {
      const args = ops.map((op, index) => `{ "index": ${index}, "value": 1, "op": "SCMP_CMP_${op}" }`);
      return `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["bpf", "bpf"], "action": "SCMP_ACT_ERRNO", "args": [${args.join(', ')}] }] }`;
    };
    assert.deepEqual(fixTitles(duplicateName, twice('EQ', 'MASKED_EQ')), ['Remove the second "bpf" *']);
    assert.deepEqual(fixTitles(duplicateName, twice('EQ', 'NE')), ['Remove the second "bpf"']);
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
