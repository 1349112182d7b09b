import assert from 'node:assert/strict';
import { familyGap } from '../../../../server/src/checks/policy/family-gap.ts';
import { findingsOf } from '../harness.ts';

describe('a gap in a family', () => {
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
