import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { defaultProfile, dockerDefaultCapabilities } from '../../../server/src/catalog/index.ts';
import { permits } from '../../../server/src/policy/resolve.ts';
import { denied, droppable } from '../../../server/src/repair/candidates.ts';
import { changeBetween, policyOfText } from '../../../server/src/repair/change.ts';
import { mentioned } from '../../../server/src/repair/clues.ts';
import { allowSyscalls, dropSyscalls } from '../../../server/src/repair/edit.ts';
import { forbiddenFlags, permitFlags } from '../../../server/src/repair/narrow.ts';
import { riskOf } from '../../../server/src/repair/risk.ts';
import { defaultTarget } from '../../../server/src/settings.ts';

const TARGET = defaultTarget();
const NO_CLUES = { texts: [], hints: [] };
const DOCKER = `${JSON.stringify(JSON.parse(defaultProfile('docker').text), null, 2)}\n`;
const policy = (text: string) => policyOfText(text, TARGET)!;

/** Allows names and gives what changed. */
function allowed(text: string, ...names: readonly string[]) {
  const after = allowSyscalls(text, names, TARGET);
  return { after, ...changeBetween([policy(text)], [policy(after)], names, (_name, kind) => kind === 'allowed') };
}

describe('allowing a syscall', () => {
  it('adds its name to the rule that allows, in the form of the text', () => {
    const text = `{ "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{
    "names": [
      "read",
      "write"
    ], "action": "SCMP_ACT_ALLOW" }] }`;
    assert.equal(allowed(text, 'close').after, text.replace('"write"', '"write",\n      "close"'));
  });

  it('makes a rule where there is none', () => {
    const { after } = allowed('{ "defaultAction": "SCMP_ACT_ERRNO" }', 'read');
    assert.deepEqual(JSON.parse(after).syscalls, [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }]);
  });

  it('takes its name out of rules that deny it, and a rule without names away', () => {
    const rule = (...names: readonly string[]) => ({ names, action: 'SCMP_ACT_ERRNO' });
    const text = JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule('mkdir'), rule('chmod', 'chown')] });
    assert.deepEqual(JSON.parse(allowed(text, 'mkdir', 'chown').after).syscalls, [rule('chmod')]);
  });

  it('takes the old form with one name', () => {
    const text = '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"name":"mkdir","action":"SCMP_ACT_ERRNO"}]}';
    assert.deepEqual(JSON.parse(allowed(text, 'mkdir').after).syscalls, []);
  });

  it('of Docker’s default changes that syscall and no other, for every one that it denies', () => {
    for (const { name } of denied([policy(DOCKER)], NO_CLUES, true)) {
      const { done, besides } = allowed(DOCKER, name);
      const newer = besides.filter(({ change }) => change !== 'changed');
      assert.deepEqual({ name, done, newer }, { name, done: [name], newer: [] });
    }
  });

  it('of all that Docker’s default denies at once leaves none denied', () => {
    const names = denied([policy(DOCKER)], NO_CLUES, true).map(({ name }) => name);
    assert.ok(names.length > 50);
    const { failed, after } = allowed(DOCKER, ...names);
    assert.deepEqual(failed, []);
    assert.deepEqual(denied([policy(after)], NO_CLUES, true), []);
  });
});

describe('dropping a syscall', () => {
  it('takes its name out of the rules that permit it', () => {
    const text = DOCKER;
    const names = ['mkdir', 'mkdirat', 'personality'];
    const after = dropSyscalls(text, names, TARGET);
    const { done, besides } = changeBetween([policy(text)], [policy(after)], names, (_name, kind) => kind === 'denied');
    assert.deepEqual(done, names);
    assert.deepEqual(besides, []);
    assert.ok(JSON.parse(after).syscalls.length < JSON.parse(text).syscalls.length, 'rules for personality alone go');
  });

  it('spares what containers need to start and what other architectures have', () => {
    const { candidates, startup, foreign } = droppable([policy(DOCKER)], NO_CLUES);
    const names = candidates.map(({ name }) => name);
    assert.ok(names.includes('mkdir'));
    for (const name of ['execve', 'futex', 'mmap', 'exit_group'])
      assert.ok(startup.includes(name) && !names.includes(name), name);
    assert.ok(foreign.includes('chown32') && !names.includes('chown32'));
  });
});

describe('a condition on flags', () => {
  const flags = (name: string) => forbiddenFlags(policy(DOCKER), name)?.map((flag) => flag.name);

  it('is told where it alone decides', () => {
    assert.ok(flags('clone')!.includes('CLONE_NEWUSER') && flags('clone')!.includes('CLONE_NEWUTS'));
    for (const name of ['personality', 'socket', 'mount', 'read']) assert.equal(flags(name), undefined, name);
  });

  it('can lose a flag, and keeps the others', () => {
    const one = forbiddenFlags(policy(DOCKER), 'clone')!.filter(({ name }) => name === 'CLONE_NEWUTS');
    const after = permitFlags(DOCKER, 'clone', one, TARGET);
    const { besides, done } = changeBetween(
      [policy(DOCKER)],
      [policy(after)],
      ['clone'],
      (_name, kind) => kind === 'conditional',
    );
    assert.deepEqual([done, besides], [['clone'], []]);
    const left = forbiddenFlags(policy(after), 'clone')!.map(({ name }) => name);
    assert.deepEqual(
      left,
      flags('clone')!.filter((name) => name !== 'CLONE_NEWUTS'),
    );
  });
});

describe('candidates', () => {
  it('come in the order of risk, then of likelihood', () => {
    const of = policy('{ "defaultAction": "SCMP_ACT_ERRNO" }');
    const names = denied([of], { texts: ['/bin/mkdir /x'], hints: ['sendmmsg'] }, true).map(({ name }) => name);
    const inOrder = (...few: readonly string[]) =>
      assert.deepEqual(
        few,
        [...few].sort((a, b) => names.indexOf(a) - names.indexOf(b)),
      );
    inOrder('mkdir', 'ioctl', 'fallocate', 'chroot', 'ptrace', 'mount');
    inOrder('sendmmsg', 'ioctl');
    assert.ok(permits(of.resolved.default!) === false && names.includes('read'));
  });

  it('are likelier when the program or its message speaks of them or of a relative', () => {
    const found = mentioned(['hostname', 'mkdir: can’t create directory']);
    assert.ok(['sethostname', 'mkdir', 'mkdirat'].every((name) => found.has(name)));
    assert.ok(!found.has('mount'));
  });
});

describe('the risk of allowing', () => {
  const docker = policy(DOCKER);

  it('is the catalogue’s, with the capability that it needs', () => {
    const { tier, reasons, summary } = riskOf(docker, 'mount');
    assert.equal(tier, 1);
    assert.match(reasons.join(), /file tree.*needs CAP_SYS_ADMIN/);
    assert.equal(summary, 'mount filesystem');
  });

  it('is higher where the profile makes conditions, which go', () => {
    const { tier, reasons } = riskOf(docker, 'clone');
    assert.equal(tier, 2);
    assert.match(reasons[0]!, /so far allowed only when .*CLONE_NEW/);
  });

  it('is higher where the profile denies the name itself', () => {
    assert.ok(!dockerDefaultCapabilities().includes('CAP_SYS_ADMIN'));
    const { tier, reasons } = riskOf(docker, 'clone3');
    assert.equal(tier, 2);
    assert.match(reasons[0]!, /denied by name in rule \d+/);
  });

  it('is none for ordinary syscalls', () => {
    assert.deepEqual(riskOf(policy('{ "defaultAction": "SCMP_ACT_ERRNO" }'), 'mkdir'), {
      name: 'mkdir',
      tier: 0,
      summary: 'create a directory',
      reasons: [],
    });
  });
});
