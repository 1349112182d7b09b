import { tryFixes } from './fixes.ts';

describe('the judge of fixes', () => {
  it('takes a right fix that brings another error of the profile to light', () => {
    const text = `{ "defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/run/agent.sock",
      "syscalls": [{ "names": ["writ"], "action": "SCMP_ACT_NOTIFY" }] }`;
    tryFixes(text, 40);
  });

  it('takes one that shows what was hidden in brackets, or in a profile that is refused', () => {
    for (const text of [
      '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": { "names": ["bpf"], "action": "DENY", "errnoRet": 1.5 } }',
      '{ "defaultAction": ["SCMP_ACT_ERRNO"], "defaultErrnoRet": 9999 }',
      '{ "defaultAction": "allow", "syscalls": [{ "names": ["execve", "read"], "action": "SCMP_ACT_KILL" }] }',
    ])
      tryFixes(text, 40);
  });
});
