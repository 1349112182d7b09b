import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'mocha';
import { headline, renderMarkdown } from '../../server/container/render.ts';
import { deciderOf, type Judged } from '../../server/container/verify/judge.ts';
import { tallyOf } from '../../server/container/verify/summary.ts';
import type { Verification, Verified } from '../../server/container/verify/verify.ts';
import { defaultProfile } from '../../server/src/catalog/index.ts';
import { fixAll } from '../../server/src/checks/analyse.ts';
import { openSets } from '../../server/src/policy/evaluate.ts';
import { policyOf } from '../../server/src/policy/policy.ts';
import { refusals } from '../../server/src/policy/refuse.ts';
import { readSettings } from '../../server/src/settings.ts';
import { example } from '../stdio/client.ts';
import { generatedProfile, NEEDED_TO_START } from './generated.ts';
import { hostArch, inventory, verify } from './use-engine.ts';

/** How many generated profiles are tried; the first of them has this seed. */
const COUNT = Number(process.env.SECCOMP_PROFILES_VERIFY_COUNT ?? 10);
const SEED = Number(process.env.SECCOMP_PROFILES_VERIFY_SEED ?? 1);

const { target } = readSettings(undefined);
const NATIVE = `SCMP_ARCH_${hostArch().toUpperCase()}`;

function verified({ report, verified: found }: Verification): Verified {
  assert.equal(report.outcome.kind, 'ran', inspect(report.outcome));
  assert.deepEqual(report.cleanup?.left, []);
  return found!;
}

/** Differences that nothing known of the engine explains, in words. */
const unexplained = ({ differences }: Verified): readonly string[] =>
  differences.filter(({ explanation }) => explanation === undefined).map(({ judged }) => inspect(judged, { depth: 3 }));

const callsOf = ({ judged }: Verified, name: string): readonly Judged[] =>
  judged.filter(({ tried }) => tried.probe.name === name);

/** The rule that decided each call of a syscall, from 0; `default`, `runc`, or undefined where it is not told. */
const decided = (found: Verified, name: string): readonly unknown[] => [
  ...new Set(
    callsOf(found, name).map((each) => {
      const decider = deciderOf(each);
      return decider?.rule ? decider.rule.rule.position : decider?.kind;
    }),
  ),
];

const rule = (action: string, ...names: readonly string[]) => ({ names, action: `SCMP_ACT_${action}` });
const allowing = (...syscalls: readonly object[]) => ({ defaultAction: 'SCMP_ACT_ALLOW', syscalls });
const denying = (action: string, ...syscalls: readonly object[]) => ({
  defaultAction: `SCMP_ACT_${action}`,
  architectures: [NATIVE],
  syscalls: [rule('ALLOW', ...NEEDED_TO_START), ...syscalls],
});

describe('every syscall, verified', function () {
  this.timeout(120_000);

  const TUTORIAL = fixAll(example('tutorial.json'), { target });
  const REAL: readonly (readonly [string, string])[] = [
    ...(['docker', 'podman', 'containerd'] as const).map(
      (id) => [`the default profile of ${id}`, defaultProfile(id).text] as const,
    ),
    ['the tutorial’s profile', TUTORIAL],
  ];
  for (const [name, text] of REAL)
    it(`${name} does what is written, or it is known why not`, async () => {
      const found = verified(await verify(text));
      assert.deepEqual(unexplained(found), []);
      const { seen, asWritten } = tallyOf(found);
      assert.ok(seen > 300 && asWritten > 0.9 * seen, `${asWritten} of ${seen}`);
      assert.ok(found.judged.every(({ seen: { kind } }) => kind !== 'unseen'));
    });

  it('names the rule that decided', async () => {
    const found = verified(
      await verify(
        allowing(
          rule('ERRNO', 'mkdir'),
          { ...rule('ERRNO', 'rmdir', 'mknod'), errnoRet: 13 },
          rule('ERRNO', 'mkdir', 'chmod'),
        ),
      ),
    );
    assert.deepEqual(decided(found, 'mkdir'), [0]);
    assert.deepEqual(decided(found, 'mknod'), [1]);
    assert.deepEqual(decided(found, 'chmod'), [2]);
    assert.deepEqual(decided(found, 'mkdirat'), ['default']);
  });

  it('tells a denial from the same error by itself', async () => {
    const found = verified(
      await verify(allowing(rule('ERRNO', 'pivot_root', 'kill'), { ...rule('ERRNO', 'tuxcall'), errnoRet: 38 })),
    );
    const kinds = (name: string) => callsOf(found, name).map(({ seen }) => seen.kind);
    // without CAP_SYS_ADMIN both fail with EPERM; no kernel has tuxcall
    assert.deepEqual(kinds('pivot_root'), ['denied']);
    assert.deepEqual(kinds('swapoff'), ['passed']);
    assert.deepEqual(kinds('tuxcall'), ['denied']);
    assert.deepEqual(kinds('kill'), ['denied']);
  });

  it('tries both sides of each condition', async () => {
    const at = (index: number, op: string, value: number, more: object = {}) => ({
      index,
      op: `SCMP_CMP_${op}`,
      value,
      ...more,
    });
    const found = verified(
      await verify(
        allowing(
          { ...rule('ERRNO', 'socket'), errnoRet: 97, args: [at(0, 'EQ', 16)] },
          { ...rule('ERRNO', 'ioctl'), errnoRet: 13, args: [at(1, 'GE', 0x5400), at(2, 'LT', 7)] },
          { ...rule('KILL_PROCESS', 'unshare'), args: [at(0, 'MASKED_EQ', 0x10000000, { valueTwo: 0x10000000 })] },
        ),
      ),
    );
    assert.deepEqual(unexplained(found), []);
    for (const [name, position] of [
      ['socket', 0],
      ['ioctl', 1],
      ['unshare', 2],
    ] as const)
      assert.deepEqual(new Set(decided(found, name)), new Set([position, 'default']), name);
    assert.ok(callsOf(found, 'ioctl').length >= 8);
  });

  for (const action of ['ERRNO', 'KILL_PROCESS', 'KILL_THREAD', 'TRAP', 'TRACE', 'LOG'])
    it(`${action} by a rule is what is seen`, async () => {
      const found = verified(await verify(allowing(rule(action, 'mkdirat', 'pivot_root'))));
      assert.deepEqual(unexplained(found), []);
      assert.deepEqual(decided(found, 'mkdirat'), [0]);
    });

  for (const action of ['ERRNO', 'KILL_PROCESS', 'TRAP'])
    it(`${action} by default is what is seen`, async () => {
      const found = verified(await verify(denying(action, rule('ALLOW', 'mkdirat'))));
      assert.deepEqual(unexplained(found), []);
      assert.deepEqual(decided(found, 'mkdir'), ['default']);
      assert.deepEqual(decided(found, 'pivot_root'), ['default']);
      assert.deepEqual(
        callsOf(found, 'mkdirat').map(({ seen }) => seen.kind),
        ['passed'],
      );
    });

  it('where no child can be made, kills cost a few containers and no verdict', async () => {
    const vfork = [{ index: 0, value: 0x4011, op: 'SCMP_CMP_NE' }];
    const needed = NEEDED_TO_START.filter((name) => name !== 'clone');
    const { report, ...more } = await verify({
      ...denying('KILL_PROCESS'),
      syscalls: [rule('ALLOW', ...needed), { ...rule('ALLOW', 'clone'), args: vfork }],
    });
    const found = verified({ report, ...more });
    assert.ok(report.outcome.kind === 'ran' && report.outcome.probe.runs < 10);
    assert.deepEqual(unexplained(found), []);
    assert.ok(found.judged.every(({ seen }) => seen.kind !== 'unseen'));
    assert.deepEqual(decided(found, 'mkdir'), ['default']);
  });

  it('an engine that does not know a name is found out', async () => {
    const found = await verify(allowing(rule('ERRNO', 'open_tree_attr', 'no_such_call')));
    const [difference, ...more] = verified(found).differences;
    assert.equal(difference?.judged.tried.probe.name, 'open_tree_attr');
    assert.match(difference?.explanation ?? '', /does not know this name, so it is dropped/);
    assert.deepEqual(more, []);
    assert.match(headline(found), /^Verified in Docker \S+ · runc \S+ · kernel \S+: (\d+) of (\d+) as written$/);
    assert.match(renderMarkdown(found), /## Different\n\n.*\n.*\n\| `open_tree_attr` \| reaches the kernel/);
  });

  it('an empty profile is no filter, and says so', async () => {
    const found = await verify({});
    assert.equal(found.verified, undefined);
    assert.equal(headline(found), 'The container starts, but without any filter');
  });

  for (const action of ['ERRNO', 'KILL_PROCESS', 'TRAP'])
    it(`where \`execve\` gets ${action} no container starts`, async () => {
      const { outcome, cleanup } = (await verify(allowing(rule(action, 'execve')))).report;
      assert.ok(outcome.kind === 'not-started', inspect(outcome));
      assert.match(outcome.cause!, /execve/);
      assert.deepEqual(cleanup?.left, []);
    });

  it('capabilities of the container decide which rules count', async () => {
    const profile = allowing({ ...rule('ERRNO', 'mkdirat'), includes: { caps: ['CAP_SYS_ADMIN'] } });
    const [without, added] = [await verify(profile), await verify(profile, { options: ['--cap-add=SYS_ADMIN'] })].map(
      verified,
    );
    assert.deepEqual(decided(without!, 'mkdirat'), ['default']);
    assert.deepEqual(decided(added!, 'mkdirat'), [0]);
    assert.deepEqual([...unexplained(without!), ...unexplained(added!)], []);
  });
});

describe(`${COUNT} generated profiles from seed ${SEED} on`, function () {
  this.timeout(COUNT * 20_000);

  it('do what is written, or it is known why not', async () => {
    const before = await inventory();
    const wrong: string[] = [];
    const sums = { started: 0, refused: 0, open: 0, calls: 0, explained: 0 };
    for (let seed = SEED; seed < SEED + COUNT; seed++) {
      const text = generatedProfile(seed, NATIVE);
      const found = await verify(text);
      const { outcome } = found.report;
      const { profile } = found.document;
      const refused = refusals(profile!, target).length > 0;
      if (outcome.kind === 'ran') {
        const { differences, judged, refusal } = found.verified!;
        sums.started++;
        sums.calls += judged.length;
        sums.explained += differences.length;
        if (refused && !refusal?.explanation) wrong.push(`seed ${seed}: started, though it should be refused`);
        wrong.push(...unexplained(found.verified!).map((each) => `seed ${seed}: ${each}`));
      } else if (refused) sums.refused++;
      else if (openSets(policyOf(profile!, target)!).length > 0) sums.open++;
      else wrong.push(`seed ${seed}: ${inspect(outcome)}`);
    }
    console.log(`      ${JSON.stringify(sums)}`);
    assert.deepEqual(wrong, []);
    assert.ok(sums.started > COUNT / 2);
    assert.deepEqual(await inventory(), before);
  });
});
