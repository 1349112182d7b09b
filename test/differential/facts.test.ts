import assert from 'node:assert/strict';
import { compare, type Oracle } from './compare.ts';
import { target } from './generate.ts';
import { type Oracles, openOracles } from './oracle.ts';
import { prepare, stubOf } from './runtime.ts';
import type { Written, WrittenCondition, WrittenRule } from './written.ts';

/** Facts on which the engine rests, asked of libseccomp one by one; each is also asked of the product. */
describe('what libseccomp does', () => {
  let oracles: Oracles;
  before(async () => {
    oracles = await openOracles(1);
  });
  after(() => oracles?.close());

  const errno = (errnoRet: bigint, args: readonly WrittenCondition[] = [], names = ['personality']): WrittenRule => ({
    names,
    action: 'SCMP_ACT_ERRNO',
    errnoRet,
    args,
  });
  const allow = (names = ['personality']): WrittenRule => ({ names, action: 'SCMP_ACT_ALLOW' });
  const when = (index: number, op: string, value: bigint, valueTwo?: bigint): WrittenCondition => ({
    index: BigInt(index),
    op: `SCMP_CMP_${op}`,
    value,
    ...(valueTwo === undefined ? {} : { valueTwo }),
  });
  const allowing = (...syscalls: WrittenRule[]): Written => ({ defaultAction: 'SCMP_ACT_ALLOW', syscalls });
  const denying = (...syscalls: WrittenRule[]): Written => ({ defaultAction: 'SCMP_ACT_ERRNO', syscalls });

  interface Question {
    readonly number?: number;
    readonly architecture?: string;
    readonly runtime?: 'runc' | 'crun';
  }

  /** What calls get from libseccomp, `0` for allowed, an errno, or `kill`; the product must say the same. */
  async function gets(
    profile: Written,
    calls: readonly (readonly bigint[])[],
    about: Question = {},
  ): Promise<unknown[]> {
    const { number = 135, architecture = 'SCMP_ARCH_X86_64', runtime = 'crun' } = about;
    const oracle: Oracle = oracles.list[0]!;
    const asked = calls.map((args) => ({ architecture, number, args: [0, 1, 2, 3, 4, 5].map((i) => args[i] ?? 0n) }));
    const to = target(runtime);
    const { disagreements } = await compare(oracle, { profile, target: to, calls: asked });
    assert.deepEqual(disagreements, []);
    const prepared = prepare(profile, to, asked);
    if ('refused' in prepared) return [prepared.refused];
    const built = await oracle.driver.build(prepared.build);
    if (built.kind !== 'ok') return [built.kind === 'error' ? `${built.step} ${built.errno}` : built.kind];
    const stub = await stubOf(profile, to, oracle.library);
    return asked.map((call, i) => inWords(stub(call) ?? built.verdicts[i]!));
  }

  function inWords(verdict: number): unknown {
    if (verdict === 0x7fff0000) return 0;
    if (verdict === 0x50000) return 'skipped';
    return verdict >>> 16 === 5 ? verdict & 0xffff : verdict === 0 ? 'kill' : verdict.toString(16);
  }

  const EEXIST = 'rule 17';
  const EINVAL = 22;

  it('kills calls of architectures that are not listed, whatever the default', async () => {
    const profile = allowing();
    assert.deepEqual(await gets(profile, [[]], { architecture: 'SCMP_ARCH_X86', number: 20 }), ['kill']);
    assert.deepEqual(await gets(profile, [[]], { number: 0x40000027 }), ['kill']);
    assert.deepEqual(await gets(profile, [[]], { number: 39 }), [0]);
  });

  it('takes the first of two unconditional rules, and none that equals the default', async () => {
    assert.deepEqual(await gets(denying(allow(), errno(1n)), [[]]), [0]);
    assert.deepEqual(await gets(denying(errno(1n), allow()), [[]]), [0]);
    assert.deepEqual(await gets(denying(errno(13n), allow()), [[]]), [13]);
    assert.deepEqual(await gets(denying(allow(), errno(13n)), [[]]), [0]);
    assert.deepEqual(await gets(allowing(errno(5n), errno(6n)), [[]]), [5]);
  });

  it('lets an unconditional rule erase conditional ones, in either order', async () => {
    const conditional = errno(5n, [when(0, 'EQ', 1n)]);
    assert.deepEqual(await gets(allowing(conditional, errno(6n)), [[0n], [1n]]), [6, 6]);
    assert.deepEqual(await gets(allowing(errno(6n), conditional), [[0n], [1n]]), [6, 6]);
  });

  it('reads a rule with a repeated index as one rule for each condition', async () => {
    const range = allowing(errno(5n, [when(0, 'GE', 1n), when(0, 'LE', 5n)]));
    assert.deepEqual(await gets(range, [[0n], [3n], [9n]]), [5, 5, 5]);
    const three = allowing(errno(5n, [when(0, 'EQ', 1n), when(0, 'EQ', 2n), when(1, 'EQ', 1n)]));
    assert.deepEqual(
      await gets(three, [
        [0n, 0n],
        [1n, 0n],
        [2n, 0n],
        [7n, 1n],
      ]),
      [0, 5, 5, 5],
    );
  });

  it('compares the bits under the mask with those of the second value under it', async () => {
    const masked = (value: bigint, two?: bigint) => allowing(errno(5n, [when(0, 'MASKED_EQ', value, two)]));
    assert.deepEqual(await gets(masked(0x11n, 1n), [[1n], [0x11n], [0n], [2n]]), [5, 0, 0, 0]);
    assert.deepEqual(await gets(masked(0n, 7n), [[0n], [7n], [9n]]), [5, 5, 5]);
    assert.deepEqual(await gets(masked(1n), [[0n], [1n], [2n], [3n]]), [5, 0, 5, 0]);
    assert.deepEqual(await gets(masked(1n, 0xffn), [[1n], [2n]]), [5, 0]);
  });

  it('takes errno values up to 4094, of which sixteen bits count', async () => {
    assert.deepEqual(await gets(allowing(errno(4094n)), [[]]), [4094]);
    assert.deepEqual(await gets(allowing(errno(4095n)), [[]]), [`rule ${EINVAL}`]);
    assert.deepEqual(await gets(allowing(errno(65541n)), [[]]), [5]);
    assert.deepEqual(await gets(allowing(errno(0n)), [[]]), ['skipped']);
  });

  it('does not inherit the default errno', async () => {
    const profile: Written = { ...denying(errno(1n)), defaultErrnoRet: 38n };
    assert.deepEqual(await gets(profile, [[]]), [1]);
    assert.deepEqual(await gets(profile, [[]], { number: 0 }), [38]);
  });

  it('has numbers of its own for each architecture', async () => {
    const listed = { ...allowing(errno(5n, [], ['getuid'])), architectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] };
    assert.deepEqual(await gets(listed, [[]], { number: 102 }), [5]);
    assert.deepEqual(await gets(listed, [[]], { number: 0x40000066 }), [5]);
    assert.deepEqual(await gets(listed, [[]], { architecture: 'SCMP_ARCH_X86', number: 24 }), [5]);
    assert.deepEqual(await gets(listed, [[]], { architecture: 'SCMP_ARCH_X86', number: 199 }), [0]);
  });

  it('is preceded by ENOSYS above the highest number that is named, with runc', async () => {
    const old = denying(allow(['getuid', 'preadv2']));
    assert.deepEqual(await gets(old, [[]], { number: 999, runtime: 'runc' }), [38]);
    assert.deepEqual(await gets(old, [[]], { number: 999, runtime: 'crun' }), [1]);
    const newer = denying(allow(['getuid', 'close_range']));
    assert.deepEqual(await gets(newer, [[]], { number: 435, runtime: 'runc' }), [1]);
    assert.deepEqual(await gets(newer, [[]], { number: 451, runtime: 'runc' }), [38]);
  });

  it('compares all 64 bits on 64-bit architectures and 32 on others', async () => {
    const exact = allowing(errno(5n, [when(0, 'EQ', 2n ** 53n + 1n)]));
    assert.deepEqual(await gets(exact, [[2n ** 53n], [2n ** 53n + 1n]]), [0, 5]);
    const top = allowing(errno(5n, [when(0, 'EQ', 2n ** 64n - 1n)]));
    assert.deepEqual(await gets(top, [[2n ** 64n - 1n], [2n ** 32n - 1n]]), [5, 0]);
    const cut = { ...allowing(errno(5n, [when(0, 'EQ', 2n ** 32n + 1n)])), architectures: ['SCMP_ARCH_X86'] };
    assert.deepEqual(await gets(cut, [[1n], [2n]], { architecture: 'SCMP_ARCH_X86', number: 136 }), [5, 0]);
  });

  it('refuses two rules that want different things of the same conditions', async () => {
    const same = [errno(5n, [when(0, 'EQ', 1n)]), errno(6n, [when(0, 'EQ', 1n)])];
    assert.deepEqual(await gets(allowing(...same), [[1n]]), [EEXIST]);
    const shorter = errno(5n, [when(0, 'EQ', 1n)]);
    const longer = errno(6n, [when(0, 'EQ', 1n), when(1, 'EQ', 2n)]);
    assert.deepEqual(await gets(allowing(shorter, longer), [[1n, 2n]]), [5]);
    assert.deepEqual(await gets(allowing(longer, shorter), [[1n, 2n]]), [EEXIST]);
  });

  it('asks the higher argument first', async () => {
    const profile = allowing(errno(5n, [when(0, 'EQ', 1n)]), errno(6n, [when(1, 'EQ', 1n)]));
    assert.deepEqual(
      await gets(profile, [
        [1n, 0n],
        [0n, 1n],
        [1n, 1n],
      ]),
      [5, 6, 6],
    );
  });

  it('mixes no byte orders', async () => {
    const profile = { ...allowing(), architectures: ['SCMP_ARCH_S390X'] };
    assert.deepEqual(await gets(profile, [[]]), ['arch 33']);
  });

  it('builds programs that are too long for the kernel', async () => {
    const profile = (count: number) =>
      allowing(...Array.from({ length: count }, (_, i) => errno(5n, [when(0, 'EQ', BigInt(i))])));
    const length = async (count: number): Promise<number> => {
      const prepared = prepare(profile(count), target('crun'), []);
      assert.ok('build' in prepared);
      const built = await oracles.list[0]!.driver.build(prepared.build);
      assert.ok(built.kind === 'ok');
      return built.length;
    };
    assert.ok((await length(4060)) <= 4096);
    assert.ok((await length(4120)) > 4096);
  });
});
