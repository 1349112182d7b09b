import assert from 'node:assert/strict';
import { defaultProfile } from '../../server/src/catalog/index.ts';
import { compile, isProgram, type Program } from '../../server/src/policy/bpf/index.ts';
import { type Call, evaluate, isPredicted } from '../../server/src/policy/evaluate.ts';
import { type Policy, policyOf } from '../../server/src/policy/policy.ts';
import type { Outcome } from '../../server/src/policy/resolve.ts';
import { parseProfile } from '../../server/src/profile/build.ts';
import { defaultTarget } from '../../server/src/settings.ts';
import { FIRST_ERRNO, HARMLESS, kernelCalls, kernelProfile } from './cases.ts';
import { type Loader, type Result, startLoader } from './loader.ts';

const SEED = Number(process.env.KERNEL_SEED ?? 1);
const CASES = Number(process.env.KERNEL_CASES ?? 200);
const SIGSYS = 31;
const ENOSYS = 38;

/** Whether the kernel did what the outcome says. An allowed call fails or not, but never with an errno of a profile. */
function shows(outcome: Outcome, result: Result): boolean {
  const returned = result.kind === 'returned' ? result.value : undefined;
  switch (outcome.action) {
    case 'SCMP_ACT_ALLOW':
    case 'SCMP_ACT_LOG':
      return returned !== undefined && (returned >= 0 || returned > -FIRST_ERRNO || returned < -4095);
    case 'SCMP_ACT_ERRNO':
      return returned === -outcome.errno!;
    case 'SCMP_ACT_TRACE':
      return returned === -ENOSYS;
    case 'SCMP_ACT_TRAP':
      return result.kind === 'trapped';
    default:
      return result.kind === 'killed' && result.signal === SIGSYS;
  }
}

function policyFor(text: string, runtime: 'runc' | 'crun' | 'docker'): Policy {
  return policyOf(parseProfile(text).profile!, { ...defaultTarget(), runtime })!;
}

describe('programs in the kernel', function () {
  this.timeout(120_000);
  let loader: Loader;

  before(async () => {
    assert.equal(process.arch, 'x64', 'these tests make calls of x86-64, x32 and i386: they need an x86-64 machine');
    loader = await startLoader();
  });

  after(() => loader?.close());

  /** Loads the program, makes the calls and compares each; gives the outcomes seen. */
  async function check(
    policy: Policy,
    program: Program,
    calls: readonly Call[],
    about: string,
  ): Promise<readonly string[]> {
    const results = await loader.load(program, calls);
    if (typeof results === 'number') assert.fail(`${about}: refused with errno ${results}`);
    assert.equal(results.length, calls.length);
    return calls.map((call, i) => {
      const answer = evaluate(policy, call)!;
      assert.ok(isPredicted(answer), about);
      const said = `${about}: ${call.architecture} ${call.number} (${call.args.join(', ')})`;
      assert.ok(shows(answer.outcome, results[i]!), `${said}: ${JSON.stringify([answer.outcome, results[i]])}`);
      return `${answer.reason.kind} ${answer.outcome.action}`;
    });
  }

  it(`are accepted and give the verdicts of evaluation, on ${CASES} profiles from seed ${SEED}`, async () => {
    const seen = new Set<string>();
    let programs = 0;
    let made = 0;
    for (let seed = SEED; seed < SEED + CASES; seed++) {
      const text = JSON.stringify(kernelProfile(seed));
      const policy = policyFor(text, seed % 2 === 0 ? 'runc' : 'crun');
      const program = compile(policy);
      if (!isProgram(program)) continue;
      programs++;
      const calls = kernelCalls(seed);
      made += calls.length;
      for (const outcome of await check(policy, program, calls, `seed ${seed}, ${text}`)) seen.add(outcome);
    }
    assert.ok(programs >= CASES * 0.8, `only ${programs} programs`);
    for (const action of ['ALLOW', 'ERRNO', 'KILL_PROCESS', 'KILL_THREAD', 'TRAP', 'LOG', 'TRACE'])
      assert.ok(seen.has(`rule SCMP_ACT_${action}`), `no rule gave ${action}`);
    for (const reason of ['stub SCMP_ACT_ERRNO', 'foreign SCMP_ACT_KILL_THREAD', 'default SCMP_ACT_ALLOW'])
      assert.ok(seen.has(reason), `never seen: ${reason}`);
    console.log(`      ${programs} programs, ${made} calls`);
  });

  it("are accepted and give the verdicts of evaluation for Docker's default", async () => {
    const policy = policyFor(defaultProfile('docker').text, 'docker');
    const program = compile(policy);
    assert.ok(isProgram(program));
    const calls = kernelCalls(SEED, 40);
    assert.ok(calls.length > HARMLESS.length * 80);
    const seen = new Set(await check(policy, program, calls, 'docker'));
    assert.ok(seen.has('rule SCMP_ACT_ALLOW') && seen.has('stub SCMP_ACT_ERRNO'), [...seen].join(', '));
  });

  it('of the longest length are accepted, and no longer ones', async () => {
    const filler = { code: 0x06, jt: 0, jf: 0, k: 0x7fff0000 };
    const of = (length: number): Program => ({
      endian: 'little',
      architectures: [],
      instructions: Array.from({ length }, () => filler),
    });
    assert.notEqual(typeof (await loader.load(of(4096), kernelCalls(SEED, 1))), 'number');
    assert.equal(await loader.load(of(4097), kernelCalls(SEED, 1)), 22);
  });
});
