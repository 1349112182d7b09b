import assert from 'node:assert/strict';
import {
  action,
  actions,
  architecture,
  architectureOf,
  architectures,
  archTables,
  capabilities,
  capability,
  dockerDefaultCapabilities,
  errnoByName,
  errnoByNumber,
  errnos,
  flag,
  flags,
  operator,
  operators,
  syscall,
  syscallNames,
  tablesWith,
} from '../../../server/src/catalog/index.ts';

const names = (terms: readonly { readonly name: string }[]) => terms.map(({ name }) => name);

describe('the words of profiles', () => {
  it('have a sentence and stand once', () => {
    const terms = [...actions(), ...operators(), ...flags(), ...architectures(), ...capabilities(), ...errnos()];
    for (const { name, doc } of terms) assert.match(doc, /^\S.*[.]$/, name);
    assert.equal(new Set(names(terms)).size, terms.length);
  });

  it('are nine actions, the most severe first', () => {
    assert.equal(actions().length, 9);
    const precedence = actions().map((one) => one.precedence);
    assert.deepEqual(
      precedence,
      precedence.toSorted((a, b) => a - b),
    );
    assert.deepEqual(names(actions().filter(({ permits }) => permits)), ['SCMP_ACT_LOG', 'SCMP_ACT_ALLOW']);
    assert.deepEqual(names(actions().filter(({ takesErrno }) => takesErrno)), ['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE']);
    assert.equal(action('SCMP_ACT_KILL')?.precedence, action('SCMP_ACT_KILL_THREAD')?.precedence);
    assert.equal(action('SCMP_ACT_allow'), undefined);
  });

  it('are seven operators and four flags', () => {
    assert.equal(operators().length, 7);
    assert.equal(operator('SCMP_CMP_MASKED_EQ')?.name, 'SCMP_CMP_MASKED_EQ');
    assert.equal(operator('SCMP_CMP_IN'), undefined);
    assert.equal(flags().length, 4);
    assert.equal(flag('SECCOMP_FILTER_FLAG_LOG')?.runc, '1.2.0');
  });

  it('are architectures for every table, each with its token', () => {
    for (const arch of archTables()) assert.equal(architectureOf(arch).table, arch);
    assert.equal(architectureOf('ppc64').name, 'SCMP_ARCH_PPC64LE');
    assert.equal(architectureOf('mips').name, 'SCMP_ARCH_MIPSEL');
    const x86 = architecture('SCMP_ARCH_X86_64');
    assert.equal(x86?.token, 0xc000003e);
    assert.deepEqual(x86?.companions, ['SCMP_ARCH_X86', 'SCMP_ARCH_X32']);
    assert.equal(architecture('SCMP_ARCH_NATIVE'), undefined);
  });

  it('have tokens that say the width and byte order of the architecture', () => {
    for (const { name, token, bits, endian, table } of architectures()) {
      assert.equal((token & 0x40000000) !== 0, endian === 'little', name);
      const wide = bits === 64 || table === 'x32' || table === 'mips64n32';
      assert.equal((token & 0x80000000) !== 0, wide, name);
    }
  });

  it('name companions that are architectures too', () => {
    for (const { name, companions } of architectures())
      for (const companion of companions) assert.ok(architecture(companion), `${name}: ${companion}`);
  });

  it('multiplex exactly where socketcall or ipc has a number', () => {
    for (const { name, multiplexes, table } of architectures()) {
      const has = ['socketcall', 'ipc'].some((call) => tablesWith(call).includes(table));
      assert.equal(multiplexes, has, name);
    }
  });

  it('are the 41 capabilities of linux 7.2, 14 of them granted by Docker', () => {
    assert.equal(capabilities().length, 41);
    assert.equal(capabilities()[0]?.name, 'CAP_CHOWN');
    assert.equal(capabilities()[40]?.name, 'CAP_CHECKPOINT_RESTORE');
    assert.equal(new Set(dockerDefaultCapabilities()).size, 14);
    for (const name of dockerDefaultCapabilities()) assert.ok(capability(name), name);
    assert.equal(capability('SYS_ADMIN'), undefined);
  });

  it('are the capabilities that syscalls ask for', () => {
    for (const name of syscallNames())
      for (const needed of syscall(name)?.capabilities ?? []) assert.ok(capability(needed), `${name}: ${needed}`);
    assert.deepEqual(syscall('reboot')?.capabilities, ['CAP_SYS_BOOT']);
  });

  it('are error numbers in both directions', () => {
    assert.equal(errnoByName('EPERM')?.number, 1);
    assert.equal(errnoByName('EWOULDBLOCK')?.number, 11);
    assert.equal(errnoByNumber(11)?.name, 'EAGAIN');
    assert.equal(errnoByNumber(38)?.name, 'ENOSYS');
    assert.equal(errnoByNumber(95)?.name, 'EOPNOTSUPP');
    assert.equal(errnoByName('EFOO'), undefined);
    assert.equal(errnoByNumber(0), undefined);
    for (const { number } of errnos()) assert.ok(errnoByNumber(number), String(number));
  });
});
