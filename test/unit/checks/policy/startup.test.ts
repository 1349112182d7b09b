import assert from 'node:assert/strict';
import { containerCannotStart } from '../../../../server/src/checks/policy/container-cannot-start.ts';
import { fixTitles } from '../arguments/expect.ts';
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

  it('leaves every rule that would deny it next, and not those that allow it', () => {
    const rule = (names: string, action: string): string => `{ "names": [${names}], "action": "SCMP_ACT_${action}" }`;
    const profile = (...rules: string[]): string =>
      `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [${rules.join(', ')}] }`;
    const kept = [rule('"read"', 'LOG'), rule('"bpf"', 'ERRNO')];
    const text = profile(rule('"read"', 'ERRNO'), kept[0]!, rule('"read", "bpf"', 'ERRNO'), rule('"read"', 'KILL'));
    assert.deepEqual(fixTitles(containerCannotStart, text), ['Remove "read" from 3 rules']);
    const mended = fixed(containerCannotStart, text);
    assert.equal(mended, profile(...kept));
    assert.deepEqual(findingsOf(containerCannotStart, mended), []);
  });

  it('leaves a rule whose conditions always hold, too, and no other with conditions', () => {
    const rule = (args: string): string => `{ "names": ["read"], "action": "SCMP_ACT_ERRNO"${args} }`;
    const always = ', "args": [{ "index": 1, "value": 0, "op": "SCMP_CMP_MASKED_EQ" }]';
    const sometimes = ', "args": [{ "index": 1, "value": 1, "op": "SCMP_CMP_EQ" }]';
    const profile = (...rules: string[]): string =>
      `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [${rules.join(', ')}] }`;
    const text = profile(rule(always), rule(sometimes), rule(''));
    assert.deepEqual(fixTitles(containerCannotStart, text), ['Remove "read" from 2 rules']);
    assert.equal(fixed(containerCannotStart, text), profile(rule(sometimes)));
  });

  it('leaves the list that crun reads, whatever else is in it', () => {
    const profile = (...names: string[]): string =>
      `{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ ${names.join(', ')}, "action": "SCMP_ACT_TRAP" }, { "names": ["execve"], "action": "SCMP_ACT_KILL" }] }`;
    for (const text of [
      profile('"names": ["execve", 5, "bpf"]'),
      profile('"names": ["execve", "bpf"]', '"Names": ["x"]'),
    ]) {
      const [title] = fixTitles(containerCannotStart, text, { runtime: 'crun' });
      assert.equal(title, 'Remove "execve" from 2 rules', text);
      const mended = fixed(containerCannotStart, text, { runtime: 'crun' });
      assert.deepEqual(findingsOf(containerCannotStart, mended, { runtime: 'crun' }), [], mended);
    }
  });

  it('is allowed where crun reads it, which wants keys to the letter', () => {
    const text = (key: string, rule: string): string => `{ "defaultAction": "SCMP_ACT_ERRNO", "${key}": [${rule}] }`;
    const plain = '{ "names": ["read"], "action": "SCMP_ACT_ALLOW" }';
    for (const damaged of [text('SYSCALLS', plain), text('syscalls', plain.replace('names', 'Names'))]) {
      const mended = fixed(containerCannotStart, damaged, { runtime: 'crun' });
      assert.match(mended, /"syscalls": \[/);
      assert.deepEqual(findingsOf(containerCannotStart, mended, { runtime: 'crun' }), [], mended);
    }
  });
});
