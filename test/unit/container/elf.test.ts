import assert from 'node:assert/strict';
import { probeProgram } from '../../../server/container/probe/program.ts';
import { readExecutable } from '../../../server/container/record/elf.ts';

/** The headers of a program that names a loader, without anything else. */
function dynamic(loader: string): Buffer {
  const data = Buffer.alloc(64 + 2 * 56 + loader.length + 1);
  data.write('\u007fELF\u0002\u0001', 'latin1');
  data.writeBigUInt64LE(64n, 0x20);
  data.writeUInt16LE(56, 0x36);
  data.writeUInt16LE(2, 0x38);
  data.writeUInt32LE(1, 64);
  data.writeUInt32LE(3, 64 + 56);
  data.writeBigUInt64LE(BigInt(64 + 2 * 56), 64 + 56 + 8);
  data.writeBigUInt64LE(BigInt(loader.length + 1), 64 + 56 + 32);
  data.write(loader, 64 + 2 * 56);
  return data;
}

describe('an executable', () => {
  it('names its loader', () =>
    assert.deepEqual(readExecutable(dynamic('/lib/ld.so.1')), { interpreter: '/lib/ld.so.1' }));

  it('that is static has none', () => {
    const program = probeProgram('x86_64', [{ label: 'getpid', nr: 39, args: [] }]);
    assert.deepEqual(readExecutable(Buffer.from(program)), {});
  });

  it('is an ELF file of 64 bits', () => {
    assert.equal(readExecutable(Buffer.from('#!/bin/sh\n')), undefined);
    assert.equal(readExecutable(Buffer.alloc(200)), undefined);
    const narrow = dynamic('/lib/ld.so.1');
    narrow[4] = 1;
    assert.equal(readExecutable(narrow), undefined);
  });

  it('that is cut short does no harm', () => {
    const whole = dynamic('/lib/ld.so.1');
    for (let length = 0; length < whole.length; length += 7) readExecutable(whole.subarray(0, length));
  });
});
