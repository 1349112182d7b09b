import assert from 'node:assert/strict';
import fs from 'node:fs';
import { decode } from '../../server/src/policy/bpf/index.ts';
import { cli, dockerDefault, folder, KILLING, raw, TUTORIAL } from './run.ts';

describe('compile', () => {
  const file = folder();

  it('writes the program in the byte order of the architecture', () => {
    const docker = file('docker.json', dockerDefault());
    for (const [arch, endian] of [
      ['x86_64', 'little'],
      ['SCMP_ARCH_S390X', 'big'],
    ] as const) {
      const { status, stdout, stderr } = raw(['compile', docker, '--arch', arch]);
      assert.deepEqual([status, stderr.toString()], [0, '']);
      const program = decode(stdout, endian);
      assert.ok(program.length > 50);
      assert.deepEqual(program[0], { code: 0x20, jt: 0, jf: 0, k: 4 });
      assert.ok(program.every(({ code }) => [0x20, 0x54, 0x05, 0x15, 0x25, 0x35, 0x45, 0x06].includes(code)));
    }
  });

  it('writes to a file', () => {
    const killing = file('killing.json', KILLING);
    const output = file('program.bpf', '');
    const { status, stdout } = cli(['compile', killing, '--output', output]);
    assert.deepEqual([status, stdout], [0, '']);
    assert.deepEqual(fs.readFileSync(output), raw(['compile', killing]).stdout);
  });

  it('prints the program in words', () => {
    const { status, stdout } = cli(['compile', file('killing.json', KILLING), '--disassemble']);
    assert.equal(status, 0);
    assert.match(stdout, /SCMP_ARCH_X86_64/);
    assert.match(stdout, /EACCES/);
    assert.equal(stdout.trimEnd().split('\n').length, raw(['compile', '-'], JSON.stringify(KILLING)).stdout.length / 8);
  });

  it('ends with 1 for a profile that is refused and 2 for a place that cannot be written', () => {
    assert.equal(cli(['compile', TUTORIAL]).status, 1);
    const { status, stderr } = cli(['compile', file('killing.json', KILLING), '-o', 'examples']);
    assert.equal(status, 2);
    assert.match(stderr, /Cannot write examples: it is a folder/);
  });
});
