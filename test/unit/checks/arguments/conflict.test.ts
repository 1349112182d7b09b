import assert from 'node:assert/strict';
import { sameConditionConflict } from '../../../../server/src/checks/arguments/same-condition-conflict.ts';
import { findingsOf, fixed } from '../harness.ts';

describe('rules with the same conditions', () => {
  it('lose all mentions of the name, where it repeats', () => {
    const args = '"args": [{ "index": 1, "value": 7, "op": "SCMP_CMP_EQ" }]';
    const text = `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
      { "names": ["ioctl", "ioctl", "fcntl"], "action": "SCMP_ACT_ERRNO", ${args} },
      { "names": ["ioctl"], "action": "SCMP_ACT_KILL_PROCESS", ${args} }] }`;
    const mended = fixed(sameConditionConflict, text, {}, /from rule 1/);
    assert.deepEqual(findingsOf(sameConditionConflict, mended), [], mended);
  });
});
