import assert from 'node:assert/strict';
import { policyOf } from '../../../server/src/policy/policy.ts';
import { predictStartup } from '../../../server/src/policy/startup.ts';
import type { Target } from '../../../server/src/policy/target.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { policy, said, verdict } from './harness.ts';

const errno = (names: string[], errnoRet?: number, more: object = {}) => ({
  names,
  action: 'SCMP_ACT_ERRNO',
  ...(errnoRet === undefined ? {} : { errnoRet }),
  ...more,
});
const allow = (names: string[], more: object = {}) => ({ names, action: 'SCMP_ACT_ALLOW', ...more });
const arg = (index: number, op: string, value: number, valueTwo?: number) => ({
  index,
  op: `SCMP_CMP_${op}`,
  value,
  ...(valueTwo === undefined ? {} : { valueTwo }),
});
const allowing = (...syscalls: object[]) => ({ defaultAction: 'SCMP_ACT_ALLOW', syscalls });
const denying = (...syscalls: object[]) => ({ defaultAction: 'SCMP_ACT_ERRNO', syscalls });

describe('verdicts of unconditional rules', () => {
  it('takes the first of two', () => {
    assert.equal(said(policy(allowing(errno(['getuid'], 5), errno(['getuid'], 6))), 'getuid'), 'fails with EIO');
    assert.equal(said(policy(allowing(errno(['getuid'], 6), errno(['getuid'], 5))), 'getuid'), 'fails with ENXIO');
  });

  it('skips a rule that equals the default, wherever it stands', () => {
    assert.equal(said(policy(denying(errno(['getuid']), allow(['getuid']))), 'getuid'), 'allowed');
    assert.equal(said(policy(denying(allow(['getuid']), errno(['getuid']))), 'getuid'), 'allowed');
  });

  it('does not skip a rule with another errno than the default', () => {
    assert.equal(said(policy(denying(errno(['getuid'], 13), allow(['getuid']))), 'getuid'), 'fails with EACCES');
  });

  it('does not inherit defaultErrnoRet', () => {
    const profile = { ...denying(errno(['getuid'])), defaultErrnoRet: 38 };
    assert.equal(said(policy(profile), 'getuid'), 'fails with EPERM');
    assert.equal(said(policy(profile), 'read'), 'fails with ENOSYS');
  });

  it('keeps sixteen bits of the errno', () => {
    assert.equal(said(policy(allowing(errno(['getuid'], 65541))), 'getuid'), 'fails with EIO');
    assert.equal(said(policy(allowing(errno(['getuid'], 0))), 'getuid'), 'skipped as if it had succeeded');
  });

  it('treats KILL as KILL_THREAD', () => {
    assert.equal(said(policy(allowing({ names: ['getuid'], action: 'SCMP_ACT_KILL' })), 'getuid'), 'kills the thread');
  });
});

describe('verdicts of conditional rules', () => {
  it('lets an unconditional rule erase conditional ones in either order', () => {
    const conditional = errno(['personality'], 5, { args: [arg(0, 'EQ', 1)] });
    for (const rules of [
      [conditional, errno(['personality'], 6)],
      [errno(['personality'], 6), conditional],
    ])
      assert.equal(said(policy(allowing(...rules)), 'personality'), 'fails with ENXIO');
  });

  it('splits a rule whose index repeats', () => {
    const rule = errno(['socket'], 5, { args: [arg(0, 'GE', 10), arg(0, 'LE', 20), arg(1, 'EQ', 3)] });
    assert.equal(verdict(policy(allowing(rule)), 'socket').conditional.length, 3);
  });

  it('drops a mask of zero', () => {
    const rule = errno(['socket'], 5, { args: [arg(0, 'MASKED_EQ', 0, 1)] });
    assert.equal(said(policy(allowing(rule)), 'socket'), 'fails with EIO');
  });

  it('cuts operands to 32 bits on 32-bit architectures', () => {
    const rule = errno(['personality'], 5, { args: [arg(0, 'EQ', 0x1_0000_0001)] });
    const both = policy({ ...allowing(rule), architectures: ['SCMP_ARCH_X86'] });
    assert.equal(verdict(both, 'personality').conditional[0]!.tests[0]!.value, 0x1_0000_0001n);
    assert.equal(verdict(both, 'personality', 'SCMP_ARCH_X86').conditional[0]!.tests[0]!.value, 1n);
  });

  it('adds socket rules to socketcall where the architecture has it', () => {
    const rule = errno(['socket'], 5, { args: [arg(0, 'EQ', 16)] });
    const both = policy({ ...allowing(rule), architectures: ['SCMP_ARCH_X86'] });
    const [multiplexed] = verdict(both, 'socketcall', 'SCMP_ARCH_X86').conditional;
    assert.deepEqual(multiplexed!.tests, [{ index: 0, op: 'SCMP_CMP_EQ', value: 1n, datum: 0n }]);
    assert.equal(verdict(both, 'socket').conditional.length, 1);
  });
});

describe('what the target changes', () => {
  it('reads includes and excludes under Docker and Podman only', () => {
    const profile = denying(allow(['mount'], { includes: { caps: ['CAP_SYS_ADMIN'] } }), allow(['read', 'uretprobe']));
    const admin = { capabilities: new Set(['CAP_SYS_ADMIN']) };
    assert.equal(said(policy(profile), 'mount'), 'fails with EPERM');
    assert.equal(said(policy(profile, admin), 'mount'), 'allowed');
    assert.equal(said(policy(profile, { runtime: 'containerd' }), 'mount'), 'allowed');
  });

  it('wants all of the included capabilities and none of the excluded ones', () => {
    const both = { caps: ['CAP_CHOWN', 'CAP_BPF'] };
    assert.equal(said(policy(denying(allow(['bpf', 'uretprobe'], { includes: both }))), 'bpf'), 'fails with EPERM');
    assert.equal(said(policy(denying(allow(['bpf', 'uretprobe'], { excludes: both }))), 'bpf'), 'fails with EPERM');
  });

  it('compares minKernel under Docker and ignores it under Podman', () => {
    const profile = denying(allow(['ptrace', 'uretprobe'], { includes: { minKernel: '4.8' } }));
    assert.equal(said(policy(profile, { kernel: [4, 8] }), 'ptrace'), 'allowed');
    assert.equal(said(policy(profile, { kernel: [4, 7] }), 'ptrace'), 'fails with EPERM');
    assert.equal(said(policy(profile, { kernel: [4, 7], runtime: 'podman' }), 'ptrace'), 'allowed');
  });

  it('reads `name` under Docker, not under containerd', () => {
    const profile = allowing({ name: 'mkdir', action: 'SCMP_ACT_ERRNO' });
    assert.equal(said(policy(profile), 'mkdir'), 'fails with EPERM');
    assert.equal(said(policy(profile, { runtime: 'containerd' }), 'mkdir'), 'allowed');
  });

  it('takes errno names under Podman only', () => {
    const profile = allowing({ names: ['mkdir'], action: 'SCMP_ACT_ERRNO', errno: 'ENOSYS' });
    assert.equal(said(policy(profile), 'mkdir'), 'fails with EPERM');
    assert.equal(said(policy(profile, { runtime: 'podman' }), 'mkdir'), 'fails with ENOSYS');
  });

  it('uses the archMap entry of the host', () => {
    const profile = {
      ...allowing(errno(['bpf'])),
      archMap: [
        { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: ['SCMP_ARCH_ARM'] },
        { architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] },
      ],
    };
    const tables = (target: object) => policy(profile, target).resolved.architectures.map((arch) => arch.table);
    assert.deepEqual(tables({}), ['x86_64', 'x86', 'x32']);
    assert.deepEqual(tables({ architecture: 'SCMP_ARCH_AARCH64' }), ['aarch64', 'arm']);
    assert.deepEqual(tables({ runtime: 'crun' }), ['x86_64']);
  });

  it('kills what comes through an architecture that is not covered', () => {
    const found = verdict(policy(allowing()), 'getuid', 'SCMP_ARCH_X86');
    assert.equal(found.otherwise.reason.kind, 'foreign');
    assert.equal(found.kind, 'denied');
  });

  it('drops names that the libseccomp of the target does not know', () => {
    const profile = allowing(errno(['mseal']));
    assert.equal(said(policy(profile), 'mseal'), 'fails with EPERM');
    assert.equal(said(policy(profile, { libseccomp: '2.5.4' }), 'mseal'), 'allowed');
  });
});

describe('crun, given a profile directly,', () => {
  const arg = (more: object) => ({ index: 1, op: 'SCMP_CMP_EQ', value: 1, ...more });
  const mkdir = (profile: object, runtime: 'crun' | 'runc') => said(policy(profile, { runtime }), 'mkdir');

  it('sees keys only to the letter', () => {
    const rules = { defaultAction: 'SCMP_ACT_ALLOW', Syscalls: [errno(['mkdir'])] };
    assert.deepEqual([mkdir(rules, 'crun'), mkdir(rules, 'runc')], ['allowed', 'fails with EPERM']);
    const args = allowing(errno(['mkdir'], 1, { Args: [arg({})] }));
    assert.equal(mkdir(args, 'crun'), 'fails with EPERM');
    assert.match(mkdir(args, 'runc'), /^allowed; fails with EPERM if /);
    const outcome = allowing({ names: ['mkdir'], action: 'SCMP_ACT_ERRNO', ErrnoRet: 38 });
    assert.deepEqual([mkdir(outcome, 'crun'), mkdir(outcome, 'runc')], ['fails with EPERM', 'fails with ENOSYS']);
  });

  it('takes numbers below zero without their sign', () => {
    const text = JSON.stringify(allowing(errno(['mkdir'], 1, { args: [arg({ value: -1 })] })));
    const tests = verdict(policy(text, { runtime: 'crun' }), 'mkdir').conditional.flatMap((rule) => rule.tests);
    assert.deepEqual(
      tests.map(({ value }) => value),
      [2n ** 64n - 1n],
    );
  });
});

describe('architectures', () => {
  it('are also taken without their prefix and in small letters by crun, not by runc', () => {
    const profile = { ...denying(allow(['read'])), architectures: ['x32'] };
    assert.equal(said(policy(profile, { runtime: 'podman' }), 'read', 'SCMP_ARCH_X32'), 'allowed');
    assert.equal(policy(profile, { runtime: 'runc' }).filter('x32'), undefined);
  });
});

describe('what a runtime needs to start', () => {
  const denies = (name: string, target: Partial<Target>) =>
    predictStartup(policy(allowing(errno([name])), target)).fatal.map((verdict) => verdict.name);

  it('depends on its release where that is told', () => {
    assert.deepEqual(denies('statx', { runtime: 'runc' }), ['statx']);
    assert.deepEqual(denies('statx', { runtime: 'runc', releases: { loader: '1.1.5' } }), []);
    assert.deepEqual(denies('statx', { runtime: 'docker', releases: { engine: '28.5.2', loader: '1.3.6' } }), [
      'statx',
    ]);
    assert.deepEqual(denies('execve', { runtime: 'crun', releases: { loader: '1.8.1' } }), ['execve']);
  });
});

describe("runc's ENOSYS stub", () => {
  const profile = denying(allow(['read', 'statx']));

  it('answers above the highest number that is named', () => {
    assert.equal(said(policy(profile), 'clone3'), 'fails with ENOSYS');
    assert.equal(said(policy(profile), 'mkdir'), 'fails with EPERM');
  });

  it('counts rules without effect too', () => {
    assert.equal(said(policy(denying(allow(['read']), errno(['close_range']))), 'clone3'), 'fails with EPERM');
  });

  it('does not count names that libseccomp does not know', () => {
    const newest = denying(allow(['read', 'statx', 'mseal']));
    assert.equal(said(policy(newest), 'clone3'), 'fails with EPERM');
    assert.equal(said(policy(newest, { libseccomp: '2.5.4' }), 'clone3'), 'fails with ENOSYS');
  });

  it('was only there for the architectures listed before runc 1.1.15', () => {
    const old = { releases: { loader: '1.1.5' } };
    const listing = { ...profile, architectures: ['SCMP_ARCH_X86_64'] };
    assert.equal(said(policy(profile, old), 'clone3'), 'fails with EPERM');
    assert.equal(said(policy(listing, old), 'clone3'), 'fails with ENOSYS');
    assert.equal(said(policy(profile, { releases: { loader: '1.1.15' } }), 'clone3'), 'fails with ENOSYS');
  });

  it('is not there under crun, nor with a default that allows', () => {
    assert.equal(said(policy(profile, { runtime: 'podman' }), 'clone3'), 'fails with EPERM');
    assert.equal(said(policy(allowing(errno(['read']))), 'clone3'), 'allowed');
  });
});

describe('profiles without a policy', () => {
  const of = (text: string) => policyOf(parseProfile(text).profile!, defaultTarget());

  it('has none without a valid default action', () => {
    assert.equal(of('{"syscalls":[]}'), undefined);
    assert.equal(of('{"defaultAction":"allow"}'), undefined);
  });
});
