import assert from 'node:assert/strict';
import { printProfile } from '../differential/written.ts';
import { callsFor } from './calls.ts';
import { campaign, type Group, report, resultsOf, type Tally } from './campaign.ts';
import { generate, settingOf } from './generate.ts';
import { defaults, generated, loading } from './groups.ts';
import { judge, predict, targetFor } from './judge.ts';
import { patchedNames } from './library.ts';
import { openOci } from './oci.ts';
import { OPEN } from './run.ts';
import type { Runtime } from './runtime.ts';
import { startedWithout } from './startup.ts';

const SEED = Number(process.env.RUNTIMES_SEED ?? 1);
const CASES = Number(process.env.RUNTIMES_CASES ?? 32);
/** A container of Docker's takes several times as long. */
const DOCKER_CASES = Math.ceil(CASES / 2);

describe(`profiles under real runtimes (RUNTIMES_SEED=${SEED})`, function () {
  this.timeout(600_000);
  let patched: ReadonlySet<string>;
  before(async () => {
    assert.equal(process.arch, 'x64', 'these tests make calls of x86-64 and x32: they need an x86-64 machine');
    patched = await patchedNames();
  });

  async function agree(runtime: Runtime, title: string, groups: Iterable<Group>): Promise<Tally> {
    const started = performance.now();
    const tally = await campaign(runtime, groups);
    const text = report(title, tally, (performance.now() - started) / 1000);
    console.log(text);
    assert.equal(tally.failures.length, 0, text);
    return tally;
  }

  for (const [name, open] of Object.entries(OPEN))
    describe(`under ${name}`, () => {
      let runtime: Runtime;
      before(async () => {
        runtime = await open();
        console.log(`      ${runtime.label}`);
      });
      after(() => runtime?.close());

      it('generated ones give every call what the policy engine says', async () => {
        const count = name === 'docker' ? DOCKER_CASES : CASES;
        const tally = await agree(runtime, `from seed ${SEED}`, generated(runtime, patched, SEED, count));
        assert.ok(tally.refused < count / 2, 'too few containers start to mean much');
        assert.ok(tally.telling > count * 100, 'too few calls are decided by a filter to mean much');
        assert.ok(tally.unpredictable < 0.1 * tally.predicted, 'too much is said to be unpredictable');
      });

      it("the engines' default ones do too, and nothing of them is unpredictable", async () => {
        const tally = await agree(runtime, 'default profiles', defaults(patched, SEED));
        assert.equal(tally.refused, 0);
        assert.equal(tally.unpredictable, 0);
      });

      it('are refused when the policy engine says so, and no others', async () => {
        const tally = await agree(runtime, 'loading', loading(runtime, SEED));
        assert.ok(tally.refused > 10 && tally.refused < tally.profiles - 10, `${tally.refused} are refused`);
      });

      // Docker starts runc, and takes several times as long
      if (name !== 'docker')
        it('keep a container from starting when they deny what the runtime is said to need', async () => {
          for (const noNewPrivileges of [false, true])
            assert.deepEqual(
              await startedWithout(runtime, noNewPrivileges),
              [],
              `no-new-privileges: ${noNewPrivileges}`,
            );
        });

      it('leave nothing behind', async () => assert.deepEqual(await runtime.leftovers(), []));
    });

  it('and a profile that is not the one asked about is found out', async () => {
    const runtime = await openOci('crun');
    try {
      const setting = settingOf(SEED);
      const target = targetFor(runtime.target, setting);
      const rule = (errnoRet: bigint) => ({ names: ['personality'], action: 'SCMP_ACT_ERRNO', errnoRet });
      const text = (errno: bigint) => printProfile({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule(errno)] });
      const calls = await callsFor(SEED, [generate(SEED, target)], target);
      await runtime.prepare(calls, setting, async (run) => {
        const natural = await resultsOf(run);
        const asked = predict({ text: text(700n), target, calls });
        assert.deepEqual(judge(asked, calls, await run(text(700n)), natural).disagreements, []);
        const found = judge(asked, calls, await run(text(701n)), natural).disagreements;
        assert.deepEqual([...new Set(found.map(({ call }) => call?.number))], [135]);
        const [refused] = judge(asked, calls, await run(text(4095n)), natural).disagreements;
        assert.match(refused?.real ?? '', /^refused: /);
        const [started] = judge(
          predict({ text: text(4095n), target, calls }),
          calls,
          await run(text(700n)),
          natural,
        ).disagreements;
        assert.equal(started?.real, 'starts');
      });
    } finally {
      await runtime.close();
    }
  });
});
