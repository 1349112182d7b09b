import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import {
  archTables,
  implementedOn,
  nameOf,
  namesOn,
  numberOn,
  syscallNames,
  tablesWith,
} from '../../../server/src/catalog/index.ts';

interface Provenance {
  readonly numbersEqualToKernelHeaders: {
    readonly pairs: number;
    readonly sha256: string;
    readonly onlyInHeaders: readonly string[];
  };
}

const provenance = JSON.parse(fs.readFileSync('server/data/PROVENANCE.json', 'utf8')) as Provenance;

/** What the ABI adds to a number of its table. */
const added: Readonly<Record<string, number>> = { x32: 0x40000000, mips: 4000, mips64: 5000, mips64n32: 6000 };

describe('syscall numbers', () => {
  it('cover 18 architectures with as many slots as libseccomp 2.6.1 has', () => {
    const slots = Object.fromEntries(archTables().map((arch) => [arch, namesOn(arch).length]));
    assert.deepEqual(slots, {
      x86_64: 385,
      x86: 461,
      x32: 374,
      aarch64: 327,
      arm: 430,
      riscv64: 328,
      loongarch64: 323,
      s390x: 390,
      s390: 440,
      ppc64: 424,
      ppc: 452,
      mips: 437,
      mips64: 373,
      mips64n32: 397,
      m68k: 443,
      parisc: 407,
      parisc64: 386,
      sh: 436,
    });
  });

  it("are those of the kernel's headers", () => {
    const { pairs, sha256, onlyInHeaders } = provenance.numbersEqualToKernelHeaders;
    // libseccomp alone has 31-bit s390 and ARM's private calls
    const inHeaders = (name: string, arch: string) =>
      arch !== 's390' && (arch !== 'arm' || (numberOn(name, arch) ?? 0) < 0xf0000);
    const lines = archTables().flatMap((arch) =>
      namesOn(arch)
        .filter((name) => inHeaders(name, arch))
        .map((name) => `${arch} ${name} ${(numberOn(name, arch) ?? 0) - (added[arch] ?? 0)}`),
    );
    assert.equal(lines.length, pairs);
    assert.equal(createHash('sha256').update(lines.sort().join('\n')).digest('hex'), sha256);
    assert.deepEqual(
      onlyInHeaders.filter((line) => !/ (reserved|unused)\d+$/.test(line)),
      ['loongarch64 memfd_secret'],
    );
  });

  it('are those that a filter sees', () => {
    assert.equal(numberOn('read', 'x86_64'), 0);
    assert.equal(numberOn('getpid', 'x86'), 20);
    assert.equal(numberOn('openat', 'aarch64'), 56);
    assert.equal(numberOn('read', 'x32'), 0x40000000);
    assert.equal(numberOn('execve', 'x32'), 0x40000000 + 520);
    assert.equal(numberOn('read', 'mips'), 4003);
    assert.equal(numberOn('read', 'mips64'), 5000);
    assert.equal(numberOn('set_tls', 'arm'), 0x0f0005);
  });

  it('are absent where the architecture lacks the call', () => {
    assert.equal(numberOn('mkdir', 'aarch64'), undefined);
    assert.equal(numberOn('stat64', 'x86_64'), undefined);
    assert.equal(numberOn('nonsense', 'x86_64'), undefined);
  });

  it('lead back to their names', () => {
    for (const arch of archTables())
      for (const name of namesOn(arch)) assert.equal(nameOf(numberOn(name, arch) ?? -1, arch), name, `${arch} ${name}`);
    assert.equal(nameOf(0, 'x32'), undefined);
    assert.equal(nameOf(-1, 'x86_64'), undefined);
  });

  it('stand on at least one architecture for every name', () => {
    for (const name of syscallNames()) assert.notEqual(tablesWith(name).length, 0, name);
    assert.deepEqual(tablesWith('nonsense'), []);
    assert.equal(tablesWith('openat').length, 18);
  });

  it('tell slots without an implementation', () => {
    const dead = namesOn('x86_64').filter((name) => !implementedOn(name, 'x86_64'));
    assert.equal(dead.length, 17);
    assert.ok(dead.includes('_sysctl') && dead.includes('vserver'));
    assert.deepEqual(
      namesOn('aarch64').filter((name) => !implementedOn(name, 'aarch64')),
      ['lookup_dcookie', 'nfsservctl'],
    );
    assert.equal(implementedOn('mkdir', 'aarch64'), false);
    assert.equal(implementedOn('mkdir', 'x86_64'), true);
  });
});
