import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'mocha';
import { assemble, jump, label, littleEndian } from '../../../server/container/probe/assemble.ts';
import type { ProbeArch } from '../../../server/container/probe/layout.ts';
import { type Call, probeProgram, readOutput } from '../../../server/container/probe/program.ts';

const call = (name: string, nr: number, ...args: Call['args']): Call => ({ label: name, nr, args });

/** The same calls by the numbers of each architecture. */
const CALLS: Record<ProbeArch, readonly Call[]> = {
  x86_64: [
    call('getpid', 39),
    call('mkdirat', 258),
    call('mkdirat (text)', 258, -100, { text: '/no/such/folder' }, 0),
    call('uname', 63, 'scratch'),
    call('read', 0),
    call('personality', 135, 0xffffffffn),
  ],
  aarch64: [
    call('getpid', 172),
    call('mkdirat', 34),
    call('mkdirat (text)', 34, -100, { text: '/no/such/folder' }, 0),
    call('uname', 160, 'scratch'),
    call('read', 63),
    call('personality', 92, 0xffffffffn),
  ],
};
const ARCHES = Object.keys(CALLS) as ProbeArch[];
const here: ProbeArch | undefined =
  process.platform !== 'linux'
    ? undefined
    : process.arch === 'x64'
      ? 'x86_64'
      : process.arch === 'arm64'
        ? 'aarch64'
        : undefined;

function runHere(arch: ProbeArch, calls: readonly Call[], ...args: readonly string[]) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-probe-'));
  const file = path.join(folder, 'probe');
  fs.writeFileSync(file, probeProgram(arch, calls), { mode: 0o755 });
  const { status, stdout } = spawnSync(file, args, { encoding: 'utf8' });
  fs.rmSync(folder, { recursive: true });
  return { status, lines: readOutput(stdout) };
}

const results = (lines: ReturnType<typeof readOutput>) =>
  lines.map((line) => (line.kind === 'end' ? 'end' : `${line.index} ${line.value > 0n ? 'positive' : line.value}`));

const EXPECTED = ['0 positive', '1 -14', '2 -2', '3 0', '4 -9', '5 0', 'end'];

describe('assembler', () => {
  it('measures jumps from the first byte of the instruction, forwards and backwards', () => {
    const to = (target: string) => jump(target, 2, (distance) => [0xeb, distance & 0xff]);
    const code = assemble([label('a'), to('b'), [0x90], to('a'), label('b')]);
    assert.deepEqual([...code], [0xeb, 5, 0x90, 0xeb, 0xfd]);
  });

  it('refuses a jump to nowhere', () => {
    assert.throws(() => assemble([jump('x', 1, () => [0])]), /No label x/);
  });

  it('writes numbers in two’s complement, lowest byte first', () => {
    assert.deepEqual(littleEndian(-2, 4), [0xfe, 0xff, 0xff, 0xff]);
    assert.deepEqual(littleEndian(0x0102, 3), [2, 1, 0]);
    assert.deepEqual(littleEndian(2n ** 64n - 1n, 8), new Array(8).fill(0xff));
  });
});

describe('probe program', () => {
  for (const arch of ARCHES) {
    it(`is a static executable for ${arch} with code and data apart`, () => {
      const file = Buffer.from(probeProgram(arch, CALLS[arch]));
      assert.equal(file.toString('latin1', 0, 4), '\x7fELF');
      assert.equal(file.readUInt16LE(16), 2);
      assert.equal(file.readUInt16LE(18), arch === 'x86_64' ? 62 : 183);
      const headers = [0, 1, 2].map((i) => file.subarray(64 + 56 * i, 120 + 56 * i));
      const [text, data, stack] = headers.map((header) => ({
        type: header.readUInt32LE(0),
        flags: header.readUInt32LE(4),
        offset: Number(header.readBigUInt64LE(8)),
        address: Number(header.readBigUInt64LE(16)),
        fileBytes: Number(header.readBigUInt64LE(32)),
        memory: Number(header.readBigUInt64LE(40)),
        align: Number(header.readBigUInt64LE(48)),
      }));
      assert.deepEqual([text!.type, data!.type, stack!.type], [1, 1, 0x6474e551]);
      assert.deepEqual([text!.flags, data!.flags, stack!.flags], [5, 6, 6]);
      assert.equal(data!.offset + data!.fileBytes, file.length);
      assert.ok(data!.memory >= data!.fileBytes + 4096);
      for (const { offset, address, align } of [text!, data!]) assert.equal(offset % align, address % align);
      const entry = Number(file.readBigUInt64LE(24)) - text!.address;
      assert.ok(entry > 0 && entry < text!.fileBytes);
      assert.ok(file.length < 4096, `${file.length} bytes`);
    });
  }

  it('aarch64: holds the instructions that the manual gives for its first steps', () => {
    const file = Buffer.from(probeProgram('aarch64', CALLS.aarch64));
    const words = [0, 4, 8, 12].map((i) => file.readUInt32LE(0xe8 + i));
    // ldr x0, [sp]; mov x19, #0; mov x20, #0; cmp x0, #3
    assert.deepEqual(words, [0xf94003e0, 0xd2800013, 0xd2800014, 0xf1000c1f]);
  });

  it('makes the calls and gives the errors of the kernel', () => {
    assert.ok(here, 'these tests run on Linux, x86_64 or aarch64');
    const { status, lines } = runHere(here, CALLS[here]);
    assert.deepEqual(results(lines), EXPECTED);
    assert.equal(status, 0);
  });

  it('makes each call in a child and gives the same', () => {
    const { status, lines } = runHere(here!, CALLS[here!], 'isolated', '0');
    assert.deepEqual(results(lines), EXPECTED);
    assert.equal(status, 0);
  });

  it('in children, an end of one is a line less', () => {
    const exit = call('exit', here === 'aarch64' ? 93 : 60, 0);
    const { lines } = runHere(here!, [exit, ...CALLS[here!].slice(1, 2)], 'isolated', '0');
    assert.deepEqual(results(lines), ['1 -14', 'end']);
  });

  it('starts where it is told to', () => {
    assert.deepEqual(results(runHere(here!, CALLS[here!], 'direct', '4').lines), EXPECTED.slice(4));
    assert.deepEqual(results(runHere(here!, CALLS[here!], 'isolated', '06').lines), ['end']);
  });

  it('keeps lines of one length for many calls and labels of any alphabet', () => {
    const many = Array.from({ length: 12_000 }, (_, i) => call(i % 2 ? 'ä' : 'read', here === 'aarch64' ? 63 : 0));
    const { lines } = runHere(here!, many);
    assert.equal(lines.length, 12_001);
    assert.ok(lines.slice(0, -1).every((line, i) => line.kind === 'result' && line.index === i && line.value === -9n));
  });

  it('reads the largest and smallest results, and nothing from a cut line', () => {
    assert.deepEqual(
      readOutput('  12 a b (c)  9223372036854775807\n 3 x -9223372036854775808\n 4 y\nnoise\nend   \n'),
      [
        { kind: 'result', index: 12, value: 9223372036854775807n },
        { kind: 'result', index: 3, value: -9223372036854775808n },
        { kind: 'end' },
      ],
    );
  });
});
