import { tryFixes } from './fixes.ts';

describe('the judge of fixes', () => {
  it('takes a right fix that brings another error of the profile to light', () => {
    const text = `{ "defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/run/agent.sock",
      "syscalls": [{ "names": ["writ"], "action": "SCMP_ACT_NOTIFY" }] }`;
    tryFixes(text, 40);
  });
});
