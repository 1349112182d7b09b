import type { Architecture, ArchTable } from './types.ts';

type Spelling = Pick<Architecture, 'docker' | 'podman' | 'runc'>;

interface Hardware {
  readonly short: string;
  readonly table: ArchTable;
  readonly bits: 32 | 64;
  readonly endian: 'little' | 'big';
  readonly token: number;
  readonly label: string;
  readonly multiplexes?: true;
  readonly companions?: readonly string[];
}

/**
 * Sources: libseccomp `seccomp.h` and linux `linux/audit.h` for tokens, moby `profiles/seccomp/seccomp_linux.go` and
 * libseccomp-golang's `String()` for the spellings in `includes.arches`, runc `libcontainer/seccomp/config.go` for names.
 */
const table: readonly Architecture[] = [
  row(
    { short: 'X86_64', table: 'x86_64', bits: 64, endian: 'little', token: 0xc000003e, label: '64-bit x86' },
    { docker: 'amd64', podman: 'amd64' },
    ['X86', 'X32'],
  ),
  row(
    {
      short: 'X86',
      table: 'x86',
      bits: 32,
      endian: 'little',
      token: 0x40000003,
      label: '32-bit x86',
      multiplexes: true,
    },
    { docker: 'x86', podman: 'x86' },
  ),
  row(
    {
      short: 'X32',
      table: 'x32',
      bits: 32,
      endian: 'little',
      token: 0xc000003e,
      label: 'x32, 32-bit pointers on 64-bit x86',
    },
    { podman: 'x32' },
  ),
  row(
    { short: 'AARCH64', table: 'aarch64', bits: 64, endian: 'little', token: 0xc00000b7, label: '64-bit ARM' },
    { docker: 'arm64', podman: 'arm64' },
    ['ARM'],
  ),
  row(
    { short: 'ARM', table: 'arm', bits: 32, endian: 'little', token: 0x40000028, label: '32-bit ARM' },
    { docker: 'arm', podman: 'arm' },
  ),
  row(
    { short: 'RISCV64', table: 'riscv64', bits: 64, endian: 'little', token: 0xc00000f3, label: '64-bit RISC-V' },
    { docker: 'riscv64', podman: 'riscv64', runc: '1.1.8' },
  ),
  row(
    {
      short: 'LOONGARCH64',
      table: 'loongarch64',
      bits: 64,
      endian: 'little',
      token: 0xc0000102,
      label: '64-bit LoongArch',
    },
    { docker: 'loongarch64', podman: 'loong64', runc: '1.4.1' },
  ),
  row(
    {
      short: 'S390X',
      table: 's390x',
      bits: 64,
      endian: 'big',
      token: 0x80000016,
      label: '64-bit IBM Z',
      multiplexes: true,
    },
    { docker: 's390x', podman: 's390x' },
    ['S390'],
  ),
  row(
    { short: 'S390', table: 's390', bits: 32, endian: 'big', token: 0x16, label: '31-bit IBM Z', multiplexes: true },
    { docker: 's390', podman: 's390' },
  ),
  row(
    {
      short: 'PPC64LE',
      table: 'ppc64',
      bits: 64,
      endian: 'little',
      token: 0xc0000015,
      label: '64-bit little-endian POWER',
      multiplexes: true,
    },
    { docker: 'ppc64le', podman: 'ppc64le' },
  ),
  row(
    {
      short: 'PPC64',
      table: 'ppc64',
      bits: 64,
      endian: 'big',
      token: 0x80000015,
      label: '64-bit big-endian POWER',
      multiplexes: true,
    },
    { docker: 'ppc64', podman: 'ppc64' },
    ['PPC'],
  ),
  row(
    { short: 'PPC', table: 'ppc', bits: 32, endian: 'big', token: 0x14, label: '32-bit PowerPC', multiplexes: true },
    { docker: 'ppc', podman: 'ppc' },
  ),
  row(
    {
      short: 'MIPSEL64',
      table: 'mips64',
      bits: 64,
      endian: 'little',
      token: 0xc0000008,
      label: '64-bit little-endian MIPS',
    },
    { docker: 'mipsel64', podman: 'mipsel64' },
    ['MIPSEL', 'MIPSEL64N32'],
  ),
  row(
    {
      short: 'MIPSEL64N32',
      table: 'mips64n32',
      bits: 32,
      endian: 'little',
      token: 0xe0000008,
      label: 'n32 on little-endian MIPS',
    },
    { docker: 'mips3l64n32', podman: 'mipsel64n32' },
    ['MIPSEL', 'MIPSEL64'],
  ),
  row(
    {
      short: 'MIPSEL',
      table: 'mips',
      bits: 32,
      endian: 'little',
      token: 0x40000008,
      label: '32-bit little-endian MIPS',
      multiplexes: true,
    },
    { docker: 'mipsel', podman: 'mipsel' },
  ),
  row(
    { short: 'MIPS64', table: 'mips64', bits: 64, endian: 'big', token: 0x80000008, label: '64-bit big-endian MIPS' },
    { docker: 'mips64', podman: 'mips64' },
    ['MIPS', 'MIPS64N32'],
  ),
  row(
    {
      short: 'MIPS64N32',
      table: 'mips64n32',
      bits: 32,
      endian: 'big',
      token: 0xa0000008,
      label: 'n32 on big-endian MIPS',
    },
    { docker: 'mips64n32', podman: 'mips64n32' },
    ['MIPS', 'MIPS64'],
  ),
  row(
    {
      short: 'MIPS',
      table: 'mips',
      bits: 32,
      endian: 'big',
      token: 0x8,
      label: '32-bit big-endian MIPS',
      multiplexes: true,
    },
    { podman: 'mips' },
  ),
];

/** Names that crun takes because libseccomp knows them, and that no runc release ever did. */
const crunOnly: readonly Architecture[] = [
  row(
    { short: 'M68K', table: 'm68k', bits: 32, endian: 'big', token: 0x4, label: 'Motorola 68000', multiplexes: true },
    { podman: 'm68k' },
  ),
  row(
    { short: 'PARISC', table: 'parisc', bits: 32, endian: 'big', token: 0xf, label: '32-bit PA-RISC' },
    { podman: 'parisc' },
  ),
  row(
    { short: 'PARISC64', table: 'parisc64', bits: 64, endian: 'big', token: 0x8000000f, label: '64-bit PA-RISC' },
    { podman: 'parisc64' },
    ['PARISC'],
  ),
  row(
    {
      short: 'SH',
      table: 'sh',
      bits: 32,
      endian: 'little',
      token: 0x4000002a,
      label: 'little-endian SuperH',
      multiplexes: true,
    },
    { podman: 'sh' },
  ),
  row(
    { short: 'SHEB', table: 'sh', bits: 32, endian: 'big', token: 0x2a, label: 'big-endian SuperH', multiplexes: true },
    { podman: 'sheb' },
  ),
].map(({ runc: _, ...rest }) => ({ ...rest, doc: `${rest.doc} Known to crun, refused by runc.` }));

const all: readonly Architecture[] = [...table, ...crunOnly];
const byName = new Map(all.map((entry) => [entry.name, entry]));
const byTable = new Map(all.toReversed().map((entry) => [entry.table, entry]));

/** All `SCMP_ARCH_*` names that some runtime accepts, the most used first. `SCMP_ARCH_NATIVE` is none: runc and crun refuse it. */
export function architectures(): readonly Architecture[] {
  return all;
}

/** An architecture by its exact name. */
export function architecture(name: string): Architecture | undefined {
  return byName.get(name);
}

/** The most used architecture with this syscall table: little-endian where both byte orders share it. */
export function architectureOf(arch: ArchTable): Architecture {
  const found = byTable.get(arch);
  if (!found) throw new Error(`no architecture for table ${arch}`);
  return found;
}

function row(hardware: Hardware, spelling: Spelling, companions: readonly string[] = []): Architecture {
  const { short, label, multiplexes = false, ...rest } = hardware;
  const shared = multiplexes ? ' Socket and IPC calls can also be made through `socketcall` and `ipc`.' : '';
  return {
    ...rest,
    runc: '1.0.0',
    ...spelling,
    name: `SCMP_ARCH_${short}`,
    doc: `${label[0]?.toUpperCase()}${label.slice(1)}.${shared}`,
    companions: companions.map((companion) => `SCMP_ARCH_${companion}`),
    multiplexes,
  };
}
