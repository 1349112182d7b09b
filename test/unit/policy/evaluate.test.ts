import assert from 'node:assert/strict';
import { architecture as architectureNamed, numberOn } from '../../../server/src/catalog/index.ts';
import { type Call, evaluate, isPredicted } from '../../../server/src/policy/evaluate.ts';
import type { Target } from '../../../server/src/policy/target.ts';
import { policy } from './harness.ts';

const arg = (index: number, op: string, value: number, valueTwo?: number) => ({
  index,
  op: `SCMP_CMP_${op}`,
  value,
  ...(valueTwo === undefined ? {} : { valueTwo }),
});
const errno = (errnoRet: number, ...args: object[]) => ({
  names: ['personality'],
  action: 'SCMP_ACT_ERRNO',
  errnoRet,
  args,
});
const allowing = (...syscalls: object[]) => ({ defaultAction: 'SCMP_ACT_ALLOW', syscalls });
const PERSONALITY = 135;

/** The errno of a call, 0 where it is allowed, its action for others, or `?` where it is not predictable. */
function gets(
  profile: object,
  args: readonly bigint[],
  call: Partial<Call> = {},
  target: Partial<Target> = {},
): unknown {
  const full = { architecture: 'SCMP_ARCH_X86_64', number: PERSONALITY, ...call };
  const answer = evaluate(policy(profile, target), { ...full, args: [0, 1, 2, 3, 4, 5].map((i) => args[i] ?? 0n) });
  assert.ok(answer);
  if (!isPredicted(answer)) return '?';
  return answer.outcome.action === 'SCMP_ACT_ALLOW' ? 0 : (answer.outcome.errno ?? answer.outcome.action);
}

describe('the verdict of a call', () => {
  it('is that of the rule it matches, and the default without one', () => {
    const profile = allowing(errno(5, arg(0, 'GE', 10), arg(1, 'NE', 3)));
    assert.equal(gets(profile, [10n, 4n]), 5);
    assert.equal(gets(profile, [10n, 3n]), 0);
    assert.equal(gets(profile, [9n, 4n]), 0);
  });

  it('compares all 64 bits on 64-bit architectures and the lower 32 on others', () => {
    const profile = { ...allowing(errno(5, arg(0, 'EQ', 1))), architectures: ['SCMP_ARCH_X86'] };
    assert.equal(gets(profile, [0x1_0000_0001n]), 0);
    assert.equal(gets(profile, [0x1_0000_0001n], { architecture: 'SCMP_ARCH_X86', number: 136 }), 5);
  });

  it('is predicted for a call that matches one of two rules that overlap elsewhere', () => {
    const profile = allowing(errno(5, arg(0, 'GE', 10)), errno(6, arg(0, 'LE', 20)));
    assert.equal(gets(profile, [5n]), 6);
    assert.equal(gets(profile, [25n]), 5);
    assert.equal(gets(profile, [15n]), '?');
  });

  it('is known for overlapping rules of EQ: the higher argument is asked first', () => {
    const profile = allowing(errno(5, arg(0, 'EQ', 1)), errno(6, arg(1, 'EQ', 1)));
    assert.equal(gets(profile, [1n, 1n]), 6);
    assert.equal(gets(profile, [1n, 0n]), 5);
  });

  it('is known for EQ beside NE: the larger operand is asked first', () => {
    const above = allowing(errno(5, arg(0, 'EQ', 40)), errno(6, arg(0, 'NE', 16)));
    assert.equal(gets(above, [40n]), 5);
    assert.equal(gets(above, [16n]), 0);
    const below = allowing(errno(5, arg(0, 'EQ', 4)), errno(6, arg(0, 'NE', 16)));
    assert.equal(gets(below, [4n]), 6);
  });

  it('kills calls of architectures that are not in the filter, x32 by its bit', () => {
    assert.equal(gets(allowing(), [], { number: 0x40000000 }), 'SCMP_ACT_KILL_THREAD');
    assert.equal(gets(allowing(), [], { architecture: 'SCMP_ARCH_X86', number: 1 }), 'SCMP_ACT_KILL_THREAD');
    const listed = { ...allowing(), architectures: ['SCMP_ARCH_X32'] };
    assert.equal(gets(listed, [], { number: 0x40000000 }), 0);
  });

  for (const [host, twin] of [
    ['PPC64', 'PPC64LE'],
    ['MIPS', 'MIPSEL'],
    ['SHEB', 'SH'],
  ] as const)
    it(`kills calls of ${twin} on ${host}, which have its numbers but another token`, () => {
      const architecture = `SCMP_ARCH_${host}`;
      const big = { runtime: 'runc', architecture } as const;
      const listed = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names: ['write'], action: 'SCMP_ACT_ALLOW' }] };
      const number = numberOn('write', architectureNamed(architecture)!.table)!;
      assert.equal(gets(listed, [], { architecture, number }, big), 0);
      for (const each of [number, number + 900]) {
        const call = { architecture: `SCMP_ARCH_${twin}`, number: each };
        assert.equal(gets(listed, [], call, big), 'SCMP_ACT_KILL_THREAD');
      }
    });

  it('lets -1 pass to the rules, by which tracers skip a call', () => {
    assert.equal(gets(allowing(), [], { number: 0xffffffff }), 0);
    assert.equal(gets(allowing(), [], { architecture: 'SCMP_ARCH_X32', number: 0xffffffff }), 0);
  });

  it("takes a number without bit 30 for x86-64 in runc's part, and a large one for x32 in libseccomp's", () => {
    const listed = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names: ['write'], action: 'SCMP_ACT_ALLOW' }] };
    const runc = { runtime: 'runc' } as const;
    assert.equal(gets(listed, [], { number: 0x80000000 }, runc), 38);
    assert.equal(gets(listed, [], { number: 0xc0000000 }, runc), 'SCMP_ACT_KILL_THREAD');
    assert.equal(gets(listed, [], { number: 0x80000000 }, { runtime: 'crun' }), 'SCMP_ACT_KILL_THREAD');
    const x32 = {
      ...listed,
      syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }],
      architectures: ['SCMP_ARCH_X32'],
    };
    assert.equal(gets(x32, [], { number: 0x80000000 }, runc), 1);
    assert.equal(gets(x32, [], { number: 0xc0000000 }, runc), 38);
  });

  it('answers undefined for an architecture that libseccomp does not have', () => {
    assert.equal(evaluate(policy(allowing()), { architecture: 'SCMP_ARCH_Z80', number: 1, args: [] }), undefined);
  });

  it("does not count members of x86's socketcall for runc's ENOSYS", () => {
    const profile = {
      defaultAction: 'SCMP_ACT_ERRNO',
      architectures: ['SCMP_ARCH_X86'],
      syscalls: [{ names: ['getpid', 'accept4'], action: 'SCMP_ACT_ALLOW' }],
    };
    assert.equal(gets(profile, [], { architecture: 'SCMP_ARCH_X86', number: 100 }), 38);
    assert.equal(gets(profile, [], { architecture: 'SCMP_ARCH_X86', number: 10 }), 1);
  });
});

describe('conditions as the runtime hands them on', () => {
  const seven = [0, 1, 2, 3, 4, 5].map((index) => arg(index, 'EQ', 7)).concat(arg(0, 'EQ', 9));
  const call = { architecture: 'SCMP_ARCH_X86_64', number: PERSONALITY, args: [9n, 0n, 0n, 0n, 0n, 0n] };
  const verdict = (runtime: 'runc' | 'crun') => {
    const answer = evaluate(policy(allowing(errno(5, ...seven)), { runtime }), call);
    assert.ok(answer && isPredicted(answer));
    return answer.outcome.action;
  };

  it('are all read by runc, and the first six by crun', () => {
    assert.equal(verdict('runc'), 'SCMP_ACT_ERRNO');
    assert.equal(verdict('crun'), 'SCMP_ACT_ALLOW');
  });
});
