import assert from 'node:assert/strict';
import { defaultProfiles } from '../../../server/src/catalog/index.ts';
import { type CompileProblem, compile, isProgram } from '../../../server/src/policy/bpf/compile.ts';
import { interpret } from '../../../server/src/policy/bpf/interpret.ts';
import { type Program, returnValue } from '../../../server/src/policy/bpf/program.ts';
import { type Call, evaluate, isPredicted } from '../../../server/src/policy/evaluate.ts';
import type { Policy } from '../../../server/src/policy/policy.ts';
import { asKernel, boundaryCalls, bpfCase, policyFor } from './bpf-cases.ts';
import { policy } from './harness.ts';

const SEED = Number(process.env.BPF_SEED ?? 1);
const CASES = Number(process.env.BPF_CASES ?? 1500);

const rule = (names: string[], action: string, args: object[] = []) => ({ names, action: `SCMP_ACT_${action}`, args });
const arg = (index: number, op: string, value: number, valueTwo?: number) => ({
  index,
  op: `SCMP_CMP_${op}`,
  value,
  ...(valueTwo === undefined ? {} : { valueTwo }),
});
const ZEROS = [0n, 0n, 0n, 0n, 0n, 0n];

function program(of: Policy): Program {
  const compiled = compile(of);
  assert.ok(isProgram(compiled), `no program: ${JSON.stringify((compiled as CompileProblem).kind)}`);
  return compiled;
}

/** Compares program and evaluation on calls of the program's byte order; gives how many were compared. */
function agree(of: Policy, compiled: Program, calls: readonly Call[], about: string): number {
  let compared = 0;
  const far = compiled.instructions.filter(({ jt, jf }) => jt > 255 || jf > 255);
  assert.deepEqual(far, [], `${about}: jumps that do not fit a byte`);
  for (const call of calls) {
    const answer = evaluate(of, call);
    if (!answer) continue;
    assert.ok(isPredicted(answer), `${about}: ${call.architecture} ${call.number} was compiled but is not predicted`);
    compared++;
    const show = () => `${about}: ${call.architecture} ${call.number} (${call.args.map((a) => `0x${a.toString(16)}`)})`;
    const value = interpret(compiled, call);
    if (value !== returnValue(answer.outcome))
      assert.fail(`${show()} returns ${value.toString(16)}, expected ${JSON.stringify(answer.outcome)}`);
  }
  return compared;
}

describe('compiled programs', () => {
  it(`return what evaluation answers, on ${CASES} random policies from seed ${SEED}`, async function () {
    this.timeout(CASES * 40 + 10_000);
    const seen = { compared: 0, architectures: new Set<string>(), compiled: 0, problems: new Map<string, number>() };
    for (let seed = SEED; seed < SEED + CASES; seed++) {
      const { policy: random, calls, text } = await bpfCase(seed);
      const compiled = compile(random);
      if (!isProgram(compiled)) {
        seen.problems.set(compiled.kind, (seen.problems.get(compiled.kind) ?? 0) + 1);
        continue;
      }
      seen.compiled++;
      for (const arch of compiled.architectures) seen.architectures.add(arch.name);
      seen.compared += agree(random, compiled, calls, `seed ${seed}, ${text}`);
    }
    assert.ok(seen.compiled > CASES * 0.5, `only ${seen.compiled} compiled: ${[...seen.problems]}`);
    assert.ok(seen.compared > CASES * 20, `only ${seen.compared} calls compared`);
    for (const name of ['X86_64', 'X86', 'X32', 'AARCH64', 'ARM', 'S390X', 'PPC64', 'MIPS64N32'])
      assert.ok(seen.architectures.has(`SCMP_ARCH_${name}`), `${name} never came up`);
    console.log(
      `      ${seen.compiled} programs, ${seen.compared} calls, not compiled: ${[...seen.problems].join(' ')}`,
    );
  });

  for (const { id, text } of defaultProfiles())
    it(`agree with evaluation on the ${id} profile`, () => {
      const of = policyFor(text);
      const compiled = program(of);
      const values = [0n, 1n, 8n, 16n, 38n, 39n, 40n, 41n, 0x7e020000n, 0x10000000n, 0x100000028n, 0xffffffffn];
      const calls = boundaryCalls(of).flatMap((call) =>
        values.map((value) => ({ ...call, args: ZEROS.map(() => value) })),
      );
      assert.ok(agree(of, compiled, calls.map(asKernel), id) > 10_000);
      assert.ok(compiled.instructions.length < 1000, `${compiled.instructions.length} instructions`);
    });

  it('kill the thread for an architecture that the profile lacks', () => {
    const compiled = program(policy({ defaultAction: 'SCMP_ACT_ALLOW' }));
    assert.equal(interpret(compiled, { architecture: 'SCMP_ARCH_X86', number: 20, args: ZEROS }), 0);
    assert.equal(interpret(compiled, { architecture: 'SCMP_ARCH_X86_64', number: 0x40000014, args: ZEROS }), 0);
    assert.equal(interpret(compiled, { architecture: 'SCMP_ARCH_X86_64', number: 39, args: ZEROS }), 0x7fff0000);
    assert.equal(
      interpret(compiled, { architecture: 'SCMP_ARCH_X86_64', number: 0xffffffff, args: ZEROS }),
      0x7fff0000,
    );
  });

  it("answer ENOSYS above the highest number under runc, and don't under crun", () => {
    const profile = { defaultAction: 'SCMP_ACT_KILL_PROCESS', syscalls: [rule(['read', 'openat'], 'ALLOW')] };
    const call = { architecture: 'SCMP_ARCH_X86_64', number: 435, args: ZEROS };
    assert.equal(interpret(program(policy(profile, { runtime: 'runc' })), call), 0x00050026);
    assert.equal(interpret(program(policy(profile, { runtime: 'crun' })), call), 0x80000000);
  });

  it('compare the upper half first where it comes first in memory', () => {
    const profile = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [rule(['read'], 'KILL_PROCESS', [arg(2, 'GT', 2 ** 32)])],
    };
    for (const host of ['SCMP_ARCH_S390X', 'SCMP_ARCH_X86_64']) {
      const compiled = program(policy(profile, { architecture: host }));
      const number = host === 'SCMP_ARCH_S390X' ? 3 : 0;
      const value = (last: bigint) =>
        interpret(compiled, { architecture: host, number, args: [0n, 0n, last, 0n, 0n, 0n] });
      assert.deepEqual([value(1n), value(2n ** 32n), value(2n ** 32n + 1n)], [0x7fff0000, 0x7fff0000, 0x80000000]);
    }
  });

  it('jump farther than a comparison reaches', () => {
    const names = ['getuid', 'getgid', 'geteuid', 'getegid', 'setuid', 'setgid'];
    const numbers = [102, 104, 105, 106, 107, 108];
    // a jump of each length comes up around the limit
    for (let count = 20; count < 70; count++) {
      const syscalls = names.flatMap((name, i) =>
        Array.from({ length: count }, (_, k) => ({
          ...rule([name], 'ERRNO', [arg(0, 'EQ', k * 7), arg(1, 'EQ', k)]),
          errnoRet: i * 200 + k + 1,
        })),
      );
      const of = policy({ defaultAction: 'SCMP_ACT_ALLOW', syscalls });
      const compiled = program(of);
      assert.ok(compiled.instructions.length > count * 24);
      const calls = numbers.flatMap((number) =>
        Array.from({ length: count + 1 }, (_, k) => ({
          architecture: 'SCMP_ARCH_X86_64',
          number,
          args: [BigInt(k * 7), BigInt(k), 0n, 0n, 0n, 0n],
        })),
      );
      assert.equal(agree(of, compiled, calls, `${count} rules`), calls.length);
    }
  }).timeout(20_000);

  it('take one instruction for each of many values of one argument', () => {
    const syscalls = Array.from({ length: 3000 }, (_, k) => rule(['ioctl'], 'ERRNO', [arg(1, 'EQ', 2 * k)]));
    const compiled = program(policy({ defaultAction: 'SCMP_ACT_ALLOW', syscalls }));
    assert.ok(compiled.instructions.length < 3100, `${compiled.instructions.length} instructions`);
  });
});

describe('policies without a program', () => {
  it('are those that the kernel would find too long', () => {
    const syscalls = Array.from({ length: 4100 }, (_, k) => rule(['ioctl'], 'ERRNO', [arg(1, 'EQ', 2 * k)]));
    const result = compile(policy({ defaultAction: 'SCMP_ACT_ALLOW', syscalls }));
    assert.ok(!isProgram(result) && result.kind === 'too-long' && result.length > 4100);
  });

  it('are those beyond the step limit', () => {
    const result = compile(
      policy({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule(['read', 'write', 'open'], 'TRAP')] }),
      { stepLimit: 2 },
    );
    assert.deepEqual(result, { kind: 'step-limit', limit: 2 });
  });

  it('are those that mix byte orders', () => {
    const result = compile(policy({ defaultAction: 'SCMP_ACT_ALLOW', architectures: ['SCMP_ARCH_S390X'] }));
    assert.ok(!isProgram(result) && result.kind === 'byte-order');
    assert.deepEqual(
      result.architectures.map((arch) => arch.name),
      ['SCMP_ARCH_S390X'],
    );
  });
});
