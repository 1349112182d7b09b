import assert from 'node:assert/strict';
import { containerCannotStart } from '../../../../server/src/checks/policy/container-cannot-start.ts';
import { findingsOf, fixed } from '../harness.ts';

describe('a syscall that the engine needs and a rule denies', () => {
  it('is removed from the rule wherever it is mentioned there', () => {
    const profile = (names: string): string =>
      `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": [${names}], "action": "SCMP_ACT_ERRNO" }] }`;
    const mended = fixed(containerCannotStart, profile('"read", "bpf", "read", "read"'));
    assert.equal(mended, profile('"bpf"'));
    assert.deepEqual(findingsOf(containerCannotStart, mended), []);
  });

  it('takes its rule along where there is nothing else in it', () => {
    const text =
      '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["read", "read"], "action": "SCMP_ACT_ERRNO" }, { "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }] }';
    assert.equal(
      fixed(containerCannotStart, text),
      '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ERRNO" }] }',
    );
  });
});
