import assert from 'node:assert/strict';
import { architecture, defaultProfile } from '../../../server/src/catalog/index.ts';
import {
  compile,
  decode,
  disassemble,
  encode,
  estimate,
  interpret,
  isProgram,
  outcomeOfReturn,
  type Program,
  returnValue,
} from '../../../server/src/policy/bpf/index.ts';
import { bpfCase, policyFor } from './bpf-cases.ts';
import { policy } from './harness.ts';

function program(...args: Parameters<typeof policy>): Program {
  const compiled = compile(policy(...args));
  assert.ok(isProgram(compiled));
  return compiled;
}

const CALL = { architecture: 'SCMP_ARCH_X86_64', number: 0, args: [0n, 0n, 0n, 0n, 0n, 0n] };
const TINY = {
  defaultAction: 'SCMP_ACT_ERRNO',
  syscalls: [
    { names: ['getpid'], action: 'SCMP_ACT_ALLOW' },
    { names: ['personality'], action: 'SCMP_ACT_LOG', args: [{ index: 0, value: 8, op: 'SCMP_CMP_EQ' }] },
  ],
};

describe('a disassembled program', () => {
  it('reads as words', () => {
    const text = disassemble(program(TINY, { runtime: 'crun' }));
    assert.equal(
      text,
      [
        ' 0: load architecture',
        ' 1: if = 0xc000003e go to 2 else 16              ; SCMP_ARCH_X86_64',
        ' 2: load number',
        ' 3: if ≥ 40 go to 4 else 8                       ; sendfile',
        ' 4: if ≥ 136 go to 5 else 7                      ; ustat',
        ' 5: if ≥ 1073741824 go to 6 else 15              ; x32 from here on',
        ' 6: if ≥ 4294967295 go to 15 else 16',
        ' 7: if ≥ 135 go to 9 else 15                     ; personality',
        ' 8: if ≥ 39 go to 14 else 15                     ; getpid',
        ' 9: load upper half of argument 0',
        '10: if = 0x0 go to 11 else 15',
        '11: load lower half of argument 0',
        '12: if = 0x8 go to 13 else 15',
        '13: return 0x7ffc0000                            ; allowed and logged',
        '14: return 0x7fff0000                            ; allowed',
        '15: return 0x50001                               ; fails with EPERM',
        '16: return 0x0                                   ; kills the thread',
        '',
      ].join('\n'),
    );
  });

  it('shows what it does not know as it is', () => {
    const odd = { ...program(TINY), instructions: [{ code: 0x99, jt: 1, jf: 2, k: 3 }] };
    assert.equal(disassemble(odd), '0: instruction 0x99 1 2 0x3\n');
  });
});

describe('encoded programs', () => {
  it('are read back as they were, in both byte orders', async () => {
    for (const seed of [11, 12, 13, 14, 15, 16]) {
      const compiled = compile((await bpfCase(seed)).policy);
      if (!isProgram(compiled)) continue;
      for (const endian of ['little', 'big'] as const)
        assert.deepEqual(decode(encode(compiled, endian), endian), compiled.instructions);
    }
  });

  it('have the layout of struct sock_filter', () => {
    const one = { instructions: [{ code: 0x15, jt: 1, jf: 2, k: 0xc000003e }] };
    assert.deepEqual([...encode(one, 'little')], [0x15, 0, 1, 2, 0x3e, 0, 0, 0xc0]);
    assert.deepEqual([...encode(one, 'big')], [0, 0x15, 1, 2, 0xc0, 0, 0, 0x3e]);
  });

  it('are refused when they end in the middle', () => {
    assert.throws(() => decode(new Uint8Array(7), 'little'), RangeError);
  });
});

describe('the interpreter', () => {
  const of = (...instructions: Program['instructions']): Program => ({
    endian: 'little',
    architectures: [],
    instructions,
  });
  const ret = { code: 0x06, jt: 0, jf: 0, k: 5 };

  it('stops at what the kernel would refuse', () => {
    const load = { code: 0x20, jt: 0, jf: 0, k: 64 };
    assert.throws(() => interpret(of(load, ret), CALL), /offset 64/);
    assert.throws(() => interpret(of({ ...load, k: 2 }, ret), CALL), /offset 2/);
    assert.throws(() => interpret(of({ ...ret, code: 0x16 }), CALL), /unknown instruction 0x16/);
    assert.throws(() => interpret(of({ code: 0x05, jt: 0, jf: 0, k: 1 }, ret), CALL), /past its end/);
    assert.throws(() => interpret(of(), CALL), /past its end/);
    assert.throws(() => interpret(of(ret), { ...CALL, architecture: 'SCMP_ARCH_PDP11' }), /PDP11/);
  });

  it('masks and jumps like the kernel', () => {
    const body = [
      { code: 0x20, jt: 0, jf: 0, k: 20 },
      { code: 0x54, jt: 0, jf: 0, k: 0xf0000000 },
      { code: 0x15, jt: 1, jf: 0, k: 0x80000000 },
      ret,
      { ...ret, k: 9 },
    ];
    const value = (first: bigint) => interpret(of(...body), { ...CALL, args: [first, 0n, 0n, 0n, 0n, 0n] });
    assert.deepEqual([value(0x8123456700000000n), value(0x80000000n)], [9, 5]);
  });
});

describe('returned values', () => {
  it('stand for outcomes, and unknown ones kill the process', () => {
    for (const action of ['KILL_PROCESS', 'KILL_THREAD', 'TRAP', 'NOTIFY', 'LOG', 'ALLOW'])
      assert.deepEqual(outcomeOfReturn(returnValue({ action: `SCMP_ACT_${action}` })), {
        action: `SCMP_ACT_${action}`,
      });
    for (const action of ['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE'])
      assert.deepEqual(outcomeOfReturn(returnValue({ action, errno: 4094 })), { action, errno: 4094 });
    assert.deepEqual(outcomeOfReturn(0x12340000), { action: 'SCMP_ACT_KILL_PROCESS' });
  });
});

describe("the estimate of libseccomp's program", () => {
  const close = (value: number, expected: number) =>
    assert.ok(Math.abs(value / expected - 1) <= 0.05, `${value} for ${expected}`);

  it("is within five percent of what libseccomp 2.5.4 builds for Docker's default", () => {
    const of = (runtime: 'docker' | 'crun', host: string) => {
      const target = { runtime, architecture: host, libseccomp: '2.5.4' };
      return estimate(policy(defaultProfile('docker').text, target)).libseccomp;
    };
    close(of('docker', 'SCMP_ARCH_X86_64'), 1237);
    close(of('crun', 'SCMP_ARCH_X86_64'), 362);
    close(of('docker', 'SCMP_ARCH_AARCH64'), 800);
  });

  it('is exact for small profiles', () => {
    const one = (op: string, architectures: string[] = []) => {
      const args = [{ index: 1, value: 5, op: `SCMP_CMP_${op}` }];
      const syscalls = [{ names: ['ioctl'], action: 'SCMP_ACT_ERRNO', args }];
      return estimate(policy({ defaultAction: 'SCMP_ACT_ALLOW', architectures, syscalls })).libseccomp;
    };
    const all = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'];
    assert.deepEqual(
      ['EQ', 'NE', 'LT', 'GE', 'MASKED_EQ'].map((op) => one(op)),
      [13, 13, 14, 14, 15],
    );
    assert.deepEqual(
      ['EQ', 'NE', 'LT', 'GE', 'MASKED_EQ'].map((op) => one(op, all)),
      [15, 15, 16, 16, 17],
    );
  });

  it('tells when the kernel would refuse the program', () => {
    const of = (count: number) => {
      const syscalls = Array.from({ length: count }, (_, k) => ({
        names: ['ioctl'],
        action: 'SCMP_ACT_ERRNO',
        args: [{ index: 1, value: k, op: 'SCMP_CMP_EQ' }],
      }));
      return estimate(policy({ defaultAction: 'SCMP_ACT_ALLOW', syscalls }, { runtime: 'crun' }));
    };
    assert.equal(of(3900).exceeds, false);
    assert.equal(of(4200).exceeds, true);
  });

  it('counts a list one by one and a tree by its depth', () => {
    const x86_64 = architecture('SCMP_ARCH_X86_64')!;
    const list = estimate(policy(defaultProfile('docker').text, { runtime: 'crun', libseccomp: '2.5.4' }));
    const tree = estimate(policyFor(defaultProfile('docker').text));
    assert.deepEqual([list.tree, tree.tree], [false, true]);
    assert.deepEqual(
      [30, 43, 202, 430].map((number) => list.cost(number, x86_64)),
      [36, 48, 190, 317],
    );
    assert.ok(tree.cost(332, x86_64)! < 30);
    assert.ok(list.longest > tree.longest * 5);
    assert.equal(list.cost(0, architecture('SCMP_ARCH_ARM')!), undefined);
  });
});
