import assert from 'node:assert/strict';
import { CHECKS } from '../../../server/src/checks/index.ts';
import { findingsOf, fixed, picture } from './harness.ts';

describe('the examples of every check', () => {
  for (const check of CHECKS) {
    const { bad, good, runtime, libseccomp } = check.example;
    const target = { ...(runtime && { runtime }), ...(libseccomp && { libseccomp }) };

    it(`${check.code}: reports the bad example`, () => {
      assert.notEqual(findingsOf(check, bad, target).length, 0, bad);
    });

    it(`${check.code}: is silent on the good example`, () => {
      const found = findingsOf(check, good, target);
      assert.equal(found.length, 0, picture(good, found));
    });

    it(`${check.code}: its fix turns the bad example into the good one`, () => {
      const fixes = findingsOf(check, bad, target)[0]?.fixes?.() ?? [];
      if (fixes.length > 0) assert.equal(fixed(check, bad, target), good);
    });
  }
});
