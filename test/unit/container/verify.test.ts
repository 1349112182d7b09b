import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Tried } from '../../../server/container/compare.ts';
import type { Engine } from '../../../server/container/engine.ts';
import type { Result } from '../../../server/container/measure.ts';
import { probeLabel, valuesOf } from '../../../server/container/probe/calls.ts';
import { NEVER_PROBED } from '../../../server/container/probe/unsafe.ts';
import { containerTarget } from '../../../server/container/target.ts';
import { chooseCalls } from '../../../server/container/verify/choose.ts';
import { isHarmless } from '../../../server/container/verify/harmless.ts';
import { agrees, deciderOf, judge } from '../../../server/container/verify/judge.ts';
import { type MarkedCopy, markedCopy } from '../../../server/container/verify/marked-copy.ts';
import { explainer } from '../../../server/container/verify/reasons.ts';
import { seenOf } from '../../../server/container/verify/seen.ts';
import { architecture, namesOn, numberOn } from '../../../server/src/catalog/index.ts';
import { evaluate, isPredicted } from '../../../server/src/policy/evaluate.ts';
import { holds } from '../../../server/src/policy/load.ts';
import { type Policy, policyOf } from '../../../server/src/policy/policy.ts';
import type { Target } from '../../../server/src/policy/target.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { readSettings } from '../../../server/src/settings.ts';
import { ENGINE } from './fake.ts';

const { target } = readSettings(undefined);
const OLD: Target = { ...target, releases: { engine: '20.10.24', loader: '1.1.5' } };
const X86 = architecture('SCMP_ARCH_X86_64')!;

const rule = (action: string, names: readonly string[], more: object = {}) => ({
  names,
  action: `SCMP_ACT_${action}`,
  ...more,
});
const policyFor = (profile: object): Policy => policyOf(parseProfile(JSON.stringify(profile)).profile!, target)!;
/** The same profile for another target. */
const policyOn = ({ profile }: Policy, other: Target): Policy => policyOf(profile, other)!;
const allowing = (...syscalls: readonly object[]) => policyFor({ defaultAction: 'SCMP_ACT_ALLOW', syscalls });
const denying = (...syscalls: readonly object[]) =>
  policyFor({ defaultAction: 'SCMP_ACT_ERRNO', architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'], syscalls });
const at = (index: number, op: string, value: number, valueTwo = 0) => ({
  index,
  op: `SCMP_CMP_${op}`,
  value,
  valueTwo,
});

describe('the calls that verify a profile', () => {
  for (const arch of ['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64'])
    it(`are all syscalls of ${arch} that do no harm`, () => {
      const { table } = architecture(arch)!;
      const { probes, spared } = chooseCalls(undefined, architecture(arch)!);
      const missing = namesOn(table).filter((name) => !probes.some((probe) => probe.name === name));
      assert.deepEqual(
        missing,
        namesOn(table).filter((name) => NEVER_PROBED.has(name) || numberOn(name, table)! < 0),
      );
      assert.deepEqual([...spared], []);
      for (const probe of probes) assert.equal(probe.nr, numberOn(probe.name, table));
    });

  it('lie on both sides of each condition, whatever the operator', () => {
    for (const op of ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ']) {
      const policy = allowing(rule('ERRNO', ['ioctl'], { args: [at(1, op, 0x5400, 0x400), at(2, op, 6, 2)] }));
      const [loaded] = policy.native.syscalls.get(16)!.conditional;
      const calls = chooseCalls(policy, X86)
        .probes.filter(({ name }) => name === 'ioctl')
        .map(valuesOf);
      const answers = new Set(calls.map((args) => loaded!.tests.map((test) => holds(test, args[test.index]!)).join()));
      for (const wanted of ['true,true', 'true,false', 'false,true'])
        assert.ok(answers.has(wanted), `${op}: ${wanted}`);
    }
  });

  it('are different, and none of them would have an effect', () => {
    const names = ['clone', 'kill', 'close', 'fchmod', 'poll', 'unshare', 'ptrace', 'alarm'];
    const policy = allowing(
      rule('ERRNO', names, { args: [at(0, 'LE', 1)] }),
      rule('ERRNO', names, { args: [at(1, 'EQ', 0), at(2, 'NE', 0)] }),
    );
    const { probes, spared } = chooseCalls(policy, X86);
    for (const name of names) {
      const calls = probes.filter((probe) => probe.name === name);
      assert.equal(new Set(calls.map((probe) => valuesOf(probe).join())).size, calls.length, name);
      assert.equal(new Set(calls.map(probeLabel)).size, calls.length, name);
      for (const call of calls) assert.ok(isHarmless(name, valuesOf(call), 'x86_64'), probeLabel(call));
    }
    assert.ok(spared.get('fchmod')! > 0);
  });

  it('make no child, signal no process and close no descriptor of the probe', () => {
    const args = (...values: readonly number[]) => valuesOf({ args: values });
    const harmless = (name: string, ...values: readonly number[]) => isHarmless(name, args(...values), 'x86_64');
    assert.equal(harmless('clone', 0x11), false);
    assert.equal(harmless('clone', 0x811), true);
    assert.equal(harmless('kill', -1, 9), false);
    assert.equal(harmless('kill', 1, 0), true);
    // the kernel cuts a pid to 32 bits
    assert.equal(harmless('kill', 2 ** 32 + 1, 9), false);
    assert.equal(harmless('close', 1), false);
    assert.equal(harmless('close', 3), true);
    assert.equal(harmless('read', 0), true);
    assert.equal(harmless('poll', -1, 0, -1), false);
    assert.equal(harmless('poll', -1, 0, 0), true);
  });
});

/** The copy as a policy of its own. */
const copyOf = (policy: Policy): MarkedCopy & { readonly policy: Policy } => {
  const copy = markedCopy(policy)!;
  return { ...copy, policy: policyOf(parseProfile(copy.text).profile!, target)! };
};

/** Asserts that the copy decides each call as the profile does: a denial by a mark of the same outcome. */
function assertFaithful(policy: Policy): void {
  const copy = copyOf(policy);
  for (const probe of chooseCalls(policy, X86).probes) {
    const call = { architecture: X86.name, number: probe.nr, args: valuesOf(probe) };
    const [mine, its] = [evaluate(policy, call)!, evaluate(copy.policy, call)!];
    if (!isPredicted(mine) || !isPredicted(its)) continue;
    const expected = copy.shows(mine, probe.name) ? mine.outcome : undefined;
    assert.deepEqual(copy.marks.get(its.outcome.errno ?? 0)?.outcome, expected, probeLabel(probe));
    if (!expected) assert.deepEqual(its.outcome, mine.outcome, probeLabel(probe));
  }
}

describe('the copy of a profile that marks denials', () => {
  it('decides as the profile does', () => {
    assertFaithful(
      allowing(
        rule('ERRNO', ['mkdir', 'rmdir']),
        rule('KILL', ['mknod']),
        rule('ERRNO', ['mkdir', 'socket'], { errnoRet: 13 }),
      ),
    );
    assertFaithful(
      denying(
        rule('ALLOW', ['read', 'mkdir', 'close_range']),
        rule('ERRNO', ['mkdir', 'mount']),
        rule('TRAP', ['ptrace']),
      ),
    );
    assertFaithful(
      denying(
        rule('ALLOW', ['socket', 'personality'], { args: [at(0, 'NE', 16)] }),
        rule('ERRNO', ['personality'], { errnoRet: 5, args: [at(0, 'EQ', 16)] }),
      ),
    );
    assertFaithful(
      allowing(
        rule('TRACE', ['mkdir'], { errnoRet: 7 }),
        rule('LOG', ['rmdir']),
        rule('ERRNO', ['mount'], { errnoRet: 0 }),
      ),
    );
  });

  it('has an errno for each rule, and one for the default', () => {
    const policy = denying(
      rule('ALLOW', ['read', 'openat2']),
      rule('ERRNO', ['mkdir'], { errnoRet: 13 }),
      rule('KILL', ['mknod']),
    );
    const { marks } = copyOf(policy);
    assert.deepEqual(
      [...marks.values()].map(({ rules }) => rules.map((each) => each.rule.position)),
      [[], [1], [2]],
    );
    for (const errno of marks.keys()) assert.ok(errno >= 1000 && errno <= 4094);
  });

  it('leaves a rule like the default like it, so that it stays without effect', () => {
    const policy = denying(rule('ERRNO', ['mkdir']), rule('ALLOW', ['mkdir', 'openat2']));
    const { policy: copied } = copyOf(policy);
    const call = { architecture: X86.name, number: numberOn('mkdir', 'x86_64')!, args: valuesOf({ args: [] }) };
    const answer = evaluate(copied, call)!;
    assert.ok(isPredicted(answer) && answer.outcome.action === 'SCMP_ACT_ALLOW');
  });

  it('keeps rules alike that meet on one syscall', () => {
    const policy = allowing(
      rule('ERRNO', ['socket'], { args: [at(0, 'EQ', 1)] }),
      rule('ERRNO', ['socket'], { args: [at(0, 'EQ', 1), at(1, 'EQ', 2)] }),
    );
    assert.equal(copyOf(policy).marks.size, 1);
    assertFaithful(policy);
    const elsewhere = { args: [at(0, 'EQ', 1)] };
    assert.equal(
      copyOf(allowing(rule('ERRNO', ['stat64'], elsewhere), rule('ERRNO', ['stat64'], elsewhere))).marks.size,
      1,
    );
  });

  it('never has more errnos than there are', () => {
    const rules = Array.from({ length: 5000 }, (_, i) =>
      rule('ERRNO', [i % 2 ? 'mkdir' : 'rmdir'], { errnoRet: i % 4000 }),
    );
    for (const errno of copyOf(allowing(...rules)).marks.keys()) assert.ok(errno <= 4094);
  });

  it('marks with no errno of the profile’s own', () => {
    const policy = allowing(rule('ERRNO', ['mkdir'], { errnoRet: 1000 }), rule('ERRNO', ['fcntl'], { errnoRet: 1001 }));
    assert.deepEqual([...copyOf(policy).marks.keys()], [1002]);
  });

  it('does not touch what the runtime itself calls', () => {
    const { text } = copyOf(allowing(rule('ERRNO', ['fcntl', 'mkdir'], { errnoRet: 11 })));
    assert.match(text, /"fcntl"\],"action":"SCMP_ACT_ERRNO","errnoRet":11/);
    assert.match(text, /"mkdir"\],"action":"SCMP_ACT_ERRNO","errnoRet":1000/);
  });

  it('spells the default out where the engine hands on no errno for it', () => {
    const policy = denying(rule('ALLOW', ['read', 'openat2']));
    const { text, killMark } = copyOf(policyOn(policy, OLD));
    assert.match(text, /^\{"defaultAction":"SCMP_ACT_KILL_PROCESS"/);
    assert.match(text, /"mkdir"\],"action":"SCMP_ACT_ERRNO","errnoRet":1000/);
    // above the highest name runc answers itself
    assert.doesNotMatch(text, /"mseal"/);
    assert.equal(killMark?.outcome.errno, 1);
  });

  it('is none where there is no filter', () => {
    assert.equal(
      markedCopy(policyOf(parseProfile('{"defaultAction":"SCMP_ACT_ALLOW"}').profile!, target)!)?.marks.size,
      0,
    );
  });

  it('keeps numbers of 64 bits exact', () => {
    const text = `{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mount"],"action":"SCMP_ACT_ERRNO","args":[{"index":3,"value":18446744073709551615,"op":"SCMP_CMP_EQ"}]}]}`;
    assert.match(copyOf(policyOf(parseProfile(text).profile!, target)!).text, /"value":18446744073709551615,/);
  });
});

const errno = (number: number): Result => ({ kind: 'errno', errno: number });
const success: Result = { kind: 'value', value: 0 };
const killed: Result = { kind: 'killed' };

describe('what the runs of one call tell', () => {
  const policy = allowing(rule('ERRNO', ['mkdir'], { errnoRet: 13 }), rule('KILL', ['mknod']));
  const copy = markedCopy(policy)!;
  const probe = { name: 'mkdir', nr: 83, args: [] };
  const seen = (underProfile: Result, unconfined: Result, inCopy: Result | undefined, withCopy = true) => {
    const same = JSON.stringify(underProfile) === JSON.stringify(unconfined);
    const tried: Tried = { probe, underProfile, unconfined, inCopy, verdict: same ? 'same' : 'denied' };
    const unmarked = withCopy ? copy.unmarked : new Set([1, 13, 38]);
    return seenOf(tried, { copy: withCopy ? copy : undefined, shows: false, unmarked }).kind;
  };

  it('a mark is a denial, also where the kernel says the same', () => {
    assert.equal(seen(errno(13), errno(14), errno(1000)), 'denied');
    assert.equal(seen(errno(13), errno(13), errno(1000)), 'denied');
    assert.equal(seen(killed, errno(14), errno(1001)), 'denied');
  });

  it('a mark for something that the profile does not do is a contradiction', () => {
    assert.equal(seen(errno(5), errno(14), errno(1000)), 'contradiction');
    assert.equal(seen(success, success, errno(1001)), 'contradiction');
  });

  it('no mark, and the same as without a profile, is a call that reached the kernel', () => {
    assert.equal(seen(errno(14), errno(14), errno(14)), 'passed');
    assert.equal(seen(errno(1), errno(1), errno(1)), 'passed');
    assert.equal(seen(success, success, success), 'passed');
  });

  it('ENOSYS may be the kernel’s or runc’s', () => assert.equal(seen(errno(38), errno(38), errno(38)), 'hidden'));

  it('without a copy an error that the profile could give tells nothing', () => {
    assert.equal(seen(errno(13), errno(13), undefined, false), 'hidden');
    assert.equal(seen(errno(14), errno(14), undefined, false), 'passed');
    assert.equal(seen(errno(13), errno(14), undefined, false), 'answered');
  });

  it('a call that ends the program without a profile too is not held against it', () =>
    assert.equal(seen(killed, killed, killed), 'hidden'));
});

describe('a measured profile', () => {
  const report = (tried: readonly Tried[]) => ({
    filtered: true,
    tried,
    untried: [],
    exitCode: 0,
    mute: false,
    runs: 1,
    durationMs: 1,
  });
  const call = (name: string, underProfile: Result, unconfined: Result, inCopy: Result): Tried => ({
    probe: { name, nr: numberOn(name, 'x86_64')!, args: [] },
    underProfile,
    unconfined,
    inCopy,
    verdict: JSON.stringify(underProfile) === JSON.stringify(unconfined) ? 'same' : 'denied',
  });
  const DEBIAN: Engine = { ...ENGINE, version: '20.10.24', runtime: { name: 'runc', version: '1.1.5' } };
  const judged = (policy: Policy, ...tried: readonly Tried[]) => judge(policy, markedCopy(policy), report(tried));
  const explain = (policy: Policy, list: ReturnType<typeof judged>, more: Partial<Engine> = {}) => {
    const engine = { ...DEBIAN, ...more };
    return list.map(explainer({ engine, policy, target: containerTarget(engine, []) }, list));
  };

  it('agrees where each call gets what is written, and names who decided', () => {
    const policy = allowing(rule('ERRNO', ['mkdir']), rule('ERRNO', ['rmdir'], { errnoRet: 13 }));
    const list = judged(
      policy,
      call('mkdir', errno(1), errno(14), errno(1000)),
      call('rmdir', errno(13), errno(13), errno(1001)),
      call('mknod', errno(14), errno(14), errno(14)),
    );
    assert.ok(list.every((each) => each.agrees));
    assert.deepEqual(
      list.map((each) => deciderOf(each)?.rule?.rule.position ?? deciderOf(each)?.kind),
      [0, 1, 'default'],
    );
  });

  it('does not where a denied call reaches the kernel, or another rule decides', () => {
    const policy = allowing(rule('ERRNO', ['mkdir']), rule('ERRNO', ['rmdir'], { errnoRet: 13 }));
    const list = judged(
      policy,
      call('mkdir', errno(14), errno(14), errno(14)),
      call('rmdir', errno(1), errno(14), errno(1000)),
    );
    assert.deepEqual(
      list.map((each) => each.agrees),
      [false, false],
    );
    assert.deepEqual(explain(policy, list), [undefined, undefined]);
  });

  it('is explained by a libseccomp that is older than a name, told or found out', () => {
    const policy = allowing(rule('ERRNO', ['futex_waitv', 'mkdir']));
    const list = judged(
      policy,
      call('futex_waitv', errno(14), errno(14), errno(14)),
      call('mkdir', errno(1), errno(14), errno(1000)),
    );
    assert.match(explain(policy, list)[0]!, /libseccomp \(older than .*\) does not know this name, so it is dropped/);
    const told = explain(policy, list, { libseccomp: '2.5.3' });
    assert.equal(told[0], "the engine's libseccomp 2.5.3 does not know this name, so it is dropped");
    assert.equal(explain(policy, list, { libseccomp: '2.6.1' })[0], undefined);
  });

  it('is explained by a libseccomp that knows more names than its own release, but not all', () => {
    const policy = allowing(rule('ERRNO', ['futex_waitv', 'open_tree_attr']));
    const list = judged(
      policy,
      call('futex_waitv', errno(1), errno(14), errno(1000)),
      call('open_tree_attr', errno(14), errno(14), errno(14)),
    );
    assert.match(
      explain(policy, list, { libseccomp: '2.5.2' })[1]!,
      /libseccomp \(2\.5\.2 with later names, older than \S+, by what was measured\) does not know this name/,
    );
  });

  it('is explained by a Docker that reads no errno for the default', () => {
    const policy = policyFor({
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 5,
      syscalls: [rule('ALLOW', ['openat2'])],
    });
    const copy = markedCopy(policyOn(policy, OLD));
    const list = judge(policy, copy, report([call('mkdir', errno(1), errno(14), errno(1000))]));
    assert.deepEqual(explain(policy, list), ['Docker 20.10.24 does not read `defaultErrnoRet`']);
    assert.deepEqual(explain(policy, list, { version: '28.0.0' }), [undefined]);
  });

  it('is explained by a runc that answers newer calls on listed architectures alone', () => {
    const policy = policyFor({ defaultAction: 'SCMP_ACT_ERRNO', syscalls: [rule('ALLOW', ['read', 'openat'])] });
    const list = judged(policy, call('openat2', errno(1), errno(14), errno(1000)));
    assert.match(explain(policy, list)[0]!, /^runc 1\.1\.5 answers newer calls with ENOSYS only where/);
    assert.deepEqual(explain(policy, list, { runtime: { name: 'runc', version: '1.3.0' } }), [undefined]);
  });

  it('is explained by all that it takes, and by no more', () => {
    const policy = policyFor({
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 5,
      syscalls: [rule('ALLOW', ['read', 'openat'])],
    });
    const copy = markedCopy(policyOn(policy, OLD));
    const list = judge(policy, copy, report([call('openat2', errno(1), errno(14), errno(1000))]));
    assert.match(
      explain(policy, list)[0]!,
      /^Docker \S+ does not read `defaultErrnoRet`; runc \S+ answers newer calls/,
    );
    assert.deepEqual(explain(policy, list, { version: '28.0.0' }), [undefined]);
  });

  it('is held against what the loader does, whatever the engine', () => {
    const profile = denying(rule('ALLOW', ['read', 'openat']));
    const agreesOn = (engine: Engine, result: Result, marked: Result): boolean => {
      const policy = policyOn(profile, containerTarget(engine, []));
      return judge(policy, markedCopy(policy), report([call('openat2', result, errno(14), marked)]))[0]!.agrees;
    };
    const [runc, crun] = [{ name: 'runc', version: '1.3.0' }, { name: 'crun' }];
    for (const kind of ['docker', 'podman', 'nerdctl'] as const) {
      const [withRunc, withCrun] = [runc, crun].map((runtime): Engine => ({ ...ENGINE, kind, runtime }));
      // runc answers newer calls itself, crun leaves them to the default
      assert.equal(agreesOn(withRunc!, errno(38), errno(38)), true, `${kind} with runc`);
      assert.equal(agreesOn(withRunc!, errno(1), errno(1000)), false, `${kind} with runc`);
      assert.equal(agreesOn(withCrun!, errno(38), errno(38)), false, `${kind} with crun`);
      assert.equal(agreesOn(withCrun!, errno(1), errno(1000)), true, `${kind} with crun`);
    }
  });

  it('is never contradicted by what cannot be foretold', () => {
    assert.equal(agrees({ why: 'x', rules: [] }, { kind: 'passed' }), true);
  });

  it('is judged for the capabilities that the options leave', () => {
    const caps = (...options: readonly string[]) => containerTarget(ENGINE, options).capabilities;
    assert.ok(caps().has('CAP_CHOWN') && !caps().has('CAP_SYS_ADMIN'));
    assert.ok(caps('--cap-add=SYS_ADMIN').has('CAP_SYS_ADMIN'));
    assert.ok(caps('--privileged').has('CAP_SYS_ADMIN'));
    assert.deepEqual([...caps('--cap-drop', 'ALL', '--cap-add', 'CAP_CHOWN')], ['CAP_CHOWN']);
    assert.ok(!caps('--cap-add', 'all', '--cap-drop', 'chown').has('CAP_CHOWN'));
    assert.equal(containerTarget(ENGINE, ['--security-opt', 'no-new-privileges']).noNewPrivileges, true);
  });
});
