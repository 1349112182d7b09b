import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { defaultProfile, dockerDefaultCapabilities } from '../../../server/src/catalog/index.ts';
import { permits } from '../../../server/src/policy/resolve.ts';
import { denied, droppable } from '../../../server/src/repair/candidates.ts';
import { changeBetween, policiesOfText, policyOfText } from '../../../server/src/repair/change.ts';
import { mentioned } from '../../../server/src/repair/clues.ts';
import { allowSyscalls, dropSyscalls, forAll } from '../../../server/src/repair/edit.ts';
import { forbiddenFlags, forbiddenInAny, permitFlags } from '../../../server/src/repair/narrow.ts';
import { riskIn, riskOf } from '../../../server/src/repair/risk.ts';
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

  it('are few where all that the program does was recorded', () => {
    const of = policy('{ "defaultAction": "SCMP_ACT_ERRNO" }');
    const likelihood = (recorded: boolean, name: string) =>
      denied([of], { texts: ['chmod'], hints: ['mkdir'], recorded }, true).find((each) => each.name === name)!
        .likelihood;
    assert.equal(likelihood(true, 'mkdir'), likelihood(false, 'mkdir'));
    for (const name of ['ioctl', 'chmod', 'fallocate'])
      assert.ok(likelihood(true, name) < likelihood(false, name), name);
  });

  it('are likelier when the program or its message speaks of them or of a relative', () => {
    const found = mentioned(['hostname', 'mkdir: can’t create directory']);
    assert.ok(['sethostname', 'mkdir', 'mkdirat'].every((name) => found.has(name)));
    assert.ok(!found.has('mount'));
  });
});

describe('a profile for containers with different capabilities', () => {
  const ADMIN = { ...TARGET, capabilities: new Set([...TARGET.capabilities, 'CAP_SYS_ADMIN']) };
  const both = [TARGET, ADMIN];
  const of = (text: string) => policiesOfText(text, both)!;
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

  it('lacks what it denies in any of them', () => {
    const admin = names(denied([policyOfText(DOCKER, ADMIN)!], NO_CLUES, true));
    const plain = names(denied([policy(DOCKER)], NO_CLUES, true));
    assert.ok(plain.includes('mount') && !admin.includes('mount'));
    assert.deepEqual(names(denied(of(DOCKER), NO_CLUES, true)).sort(), [...new Set([...plain, ...admin])].sort());
  });

  it('can lose what it permits in any of them, and it is gone from all', () => {
    const { candidates } = droppable(of(DOCKER), NO_CLUES);
    assert.ok(names(candidates).includes('mount'));
    assert.ok(!names(droppable([policy(DOCKER)], NO_CLUES).candidates).includes('mount'));
    const after = forAll(DOCKER, both, (text, target) => dropSyscalls(text, ['mount', 'mkdir'], target));
    const { done, failed } = changeBetween(
      of(DOCKER),
      of(after),
      ['mount', 'mkdir'],
      (_name, kind) => kind === 'denied',
    );
    assert.deepEqual([done, failed], [['mount', 'mkdir'], []]);
  });

  it('allows for all what is denied in one of them only', () => {
    const after = forAll(DOCKER, both, (text, target) => allowSyscalls(text, ['mount', 'clone3'], target));
    const { failed, besides } = changeBetween(
      of(DOCKER),
      of(after),
      ['mount', 'clone3'],
      (_name, kind) => kind === 'allowed',
    );
    assert.deepEqual([failed, besides], [[], []]);
  });

  it('gives up flags of a condition where it has one', () => {
    assert.deepEqual(forbiddenInAny(of(DOCKER), 'clone'), forbiddenFlags(policy(DOCKER), 'clone'));
    assert.equal(forbiddenInAny(of(DOCKER), 'mount'), undefined);
    assert.equal(forbiddenInAny(of(DOCKER), 'read'), undefined);
  });

  it('is as dangerous to open as in the strictest of them', () => {
    assert.deepEqual(riskIn(of(DOCKER), 'clone'), riskOf(policy(DOCKER), 'clone'));
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
