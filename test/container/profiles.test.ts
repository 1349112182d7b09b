import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'mocha';
import { probeLabel, resultText, testProfile } from '../../server/container/index.ts';
import type { NotStarted, ProbeReport, Report } from '../../server/container/report.ts';
import { DEFAULT_LIMITS } from '../../server/container/request.ts';
import { numberOn } from '../../server/src/catalog/index.ts';
import { NEEDED_TO_START } from './generated.ts';
import { engineSettings, hostArch, runTest } from './use-engine.ts';

const rule = (action: string, ...names: readonly string[]) => ({ names, action: `SCMP_ACT_${action}` });
const allowing = (...syscalls: readonly object[]) => ({ defaultAction: 'SCMP_ACT_ALLOW', syscalls });

function ran({ outcome }: Report): ProbeReport {
  assert.equal(outcome.kind, 'ran', inspect(outcome));
  return (outcome as Extract<typeof outcome, { kind: 'ran' }>).probe;
}

function notStarted({ outcome }: Report): NotStarted {
  assert.equal(outcome.kind, 'not-started');
  return outcome as NotStarted;
}

/** `name result` of each call that fared otherwise than without the profile. */
const denied = (probe: ProbeReport): readonly string[] =>
  probe.tried
    .filter(({ verdict }) => verdict !== 'same')
    .map(({ probe: each, underProfile }) => `${probeLabel(each)} ${resultText(underProfile)}`);

const PROBES = ['mkdirat', 'chmod', 'rmdir'].map((name) => ({ name, nr: numberOn(name, hostArch())!, args: [] }));

describe('a profile in a real engine', function () {
  this.timeout(60_000);

  it('a deny-list denies what it names and nothing of the same effect', async () => {
    const report = await runTest({
      defaultAction: 'SCMP_ACT_ALLOW',
      architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
      syscalls: [{ names: ['mkdir', 'chmod', 'chown'], action: 'SCMP_ACT_ERRNO', args: [] }],
    });
    const probe = ran(report);
    assert.deepEqual(denied(probe), ['chmod EPERM', 'chown EPERM', 'mkdir EPERM']);
    assert.ok(probe.tried.some((each) => each.probe.name === 'mkdirat' && each.verdict === 'same'));
    assert.deepEqual(probe.untried, []);
    assert.equal(probe.filtered, true);
    assert.equal(probe.exitCode, 0);
    assert.match(report.engine!.runtime.version!, /^\d+\.\d+/);
    assert.deepEqual(report.cleanup, { containers: 3, images: 1, left: [] });
  });

  it('a default of allow alone denies nothing, but is a filter', async () => {
    const probe = ran(await runTest(allowing()));
    assert.deepEqual(denied(probe), []);
    assert.equal(probe.filtered, true);
    assert.ok(probe.tried.length > 90, `${probe.tried.length} tried`);
  });

  it('a profile without default action and rules is no filter', async () => {
    assert.equal(ran(await runTest({})).filtered, false);
  });

  it('a condition on an argument denies what it names', async () => {
    const netlink = { ...rule('ERRNO', 'socket'), errnoRet: 97, args: [{ index: 0, value: 16, op: 'SCMP_CMP_EQ' }] };
    const names = denied(ran(await runTest(allowing(netlink))));
    assert.ok(names.includes('socket (AF_NETLINK) EAFNOSUPPORT'), inspect(names));
    assert.ok(
      names.every((name) => /^socket \((domain = )?AF_NETLINK\) EAFNOSUPPORT$/.test(name)),
      inspect(names),
    );
  });

  it('an errno of 0 is told as a success that was none', async () => {
    const probe = ran(await runTest(allowing({ ...rule('ERRNO', 'mkdir', 'getpid'), errnoRet: 0 })));
    assert.deepEqual(denied(probe), ['getpid success', 'mkdir success']);
  });

  it('an unknown action is refused, and explained', async () => {
    const report = await runTest({ defaultAction: 'SCMP_ACT_DENY' });
    assert.match(notStarted(report).cause!, /`SCMP_ACT_DENY` is no action/);
    assert.deepEqual(report.cleanup!.left, []);
  });

  it('broken JSON is refused, and explained', async () => {
    assert.match(notStarted(await runTest('{"defaultAction": "SCMP_ACT_ALLOW",}')).cause!, /no valid JSON/);
  });

  it('a value of the wrong type is refused, and explained', async () => {
    const { cause } = notStarted(await runTest(allowing({ names: 'mkdir', action: 'SCMP_ACT_ERRNO' })));
    assert.match(cause!, /string at `syscalls.names`/);
  });

  it('an allow-list without what the runtime needs does not start, and is explained', async () => {
    const { cause } = notStarted(
      await runTest({ defaultAction: 'SCMP_ACT_ERRNO', syscalls: [rule('ALLOW', 'execve', 'write')] }),
    );
    assert.match(cause!, /is denied\. The filter is in force before the container’s program starts/);
  });

  it('a default that kills the process is measured in one container', async () => {
    const report = await runTest({
      defaultAction: 'SCMP_ACT_KILL_PROCESS',
      syscalls: [rule('ALLOW', ...NEEDED_TO_START)],
    });
    const probe = ran(report);
    assert.ok(denied(probe).includes('mkdir killed'));
    assert.ok(!denied(probe).some((each) => each.startsWith('openat ')));
    assert.equal(probe.runs, 1);
    assert.deepEqual(probe.untried, []);
  });

  it('a default that kills the thread is measured too', async () => {
    const probe = ran(await runTest({ defaultAction: 'SCMP_ACT_KILL', syscalls: [rule('ALLOW', ...NEEDED_TO_START)] }));
    assert.ok(denied(probe).includes('mkdir killed'));
  });

  it('a profile that would make the engine hang is not given to it', async () => {
    const report = await runTest({ defaultAction: 'SCMP_ACT_KILL' });
    const { wouldHang, cause } = notStarted(report);
    assert.equal(wouldHang, true);
    assert.match(cause!, /The runtime ended before the container’s program ran/);
    assert.deepEqual(report.cleanup, { containers: 1, images: 1, left: [] });
  });

  it('a null among the rules is not given to the engine', async () => {
    const { outcome, engine } = await runTest({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [null] });
    assert.equal(outcome.kind, 'not-tried');
    assert.equal(engine, undefined);
  });

  it('makes more calls than the limits have processes', async () => {
    const count = 3_000;
    const probes = Array.from({ length: count }, (_, i) => ({ ...PROBES[i % PROBES.length]!, detail: String(i) }));
    const { outcome } = await testProfile({
      profile: { text: JSON.stringify(allowing(rule('KILL_PROCESS', 'mkdirat'), rule('ERRNO', 'chmod'))) },
      engine: engineSettings(),
      plan: () => ({ probes }),
      limits: { ...DEFAULT_LIMITS, pids: 100 },
    });
    assert.ok(outcome.kind === 'ran', inspect(outcome));
    assert.equal(outcome.probe.runs, 1);
    assert.equal(outcome.probe.tried.length, count);
    const results = new Set(
      outcome.probe.tried.map(({ probe, underProfile }) => `${probe.name} ${resultText(underProfile)}`),
    );
    assert.deepEqual([...results].sort(), ['chmod EPERM', 'mkdirat killed', 'rmdir EFAULT']);
  });

  it('where no child can be made, the program starts again after each kill', async () => {
    const vfork = [{ index: 0, value: 0x4011, op: 'SCMP_CMP_EQ' }];
    const probe = ran(
      await runTest(
        allowing({ ...rule('ERRNO', 'clone'), args: vfork }, rule('KILL_PROCESS', 'mkdirat'), rule('TRAP', 'fchmodat')),
      ),
    );
    assert.deepEqual(denied(probe), ['fchmodat killed', 'mkdirat killed']);
    assert.equal(probe.runs, 2);
    assert.deepEqual(probe.untried, []);
  });

  it('a kill of the call that makes children costs a container and no result', async () => {
    const vfork = [{ index: 0, value: 0x4011, op: 'SCMP_CMP_EQ' }];
    const probe = ran(
      await runTest(allowing({ ...rule('KILL_PROCESS', 'clone'), args: vfork }, rule('ERRNO', 'mkdirat'))),
    );
    assert.deepEqual(denied(probe), ['mkdirat EPERM']);
    assert.deepEqual(probe.untried, []);
  });

  it('without `write` no container starts', async () => {
    assert.match(notStarted(await runTest(allowing(rule('ERRNO', 'write')))).cause!, /`write` or `futex` is denied/);
  });

  it('a program that cannot write its results says so by its exit status', async () => {
    const toOutput = [
      { index: 0, value: 1, op: 'SCMP_CMP_EQ' },
      { index: 2, value: 20, op: 'SCMP_CMP_GT' },
    ];
    const probe = ran(await runTest(allowing({ ...rule('ERRNO', 'write'), args: toOutput })));
    assert.equal(probe.mute, true);
    assert.deepEqual(probe.tried, []);
  });

  it('without `exit_group` every result is there', async () => {
    const probe = ran(await runTest(allowing(rule('ERRNO', 'exit_group', 'mkdirat'))));
    assert.deepEqual(denied(probe), ['mkdirat EPERM']);
  });
});
