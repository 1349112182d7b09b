import { architecture, architectures } from './architectures.ts';
import type { Architecture } from './types.ts';

/** How the kernel, its tools and engines spell machines whose table has another name. */
const MACHINES: Readonly<Record<string, string>> = {
  i386: 'SCMP_ARCH_X86',
  i486: 'SCMP_ARCH_X86',
  i586: 'SCMP_ARCH_X86',
  i686: 'SCMP_ARCH_X86',
  armv6l: 'SCMP_ARCH_ARM',
  armv7l: 'SCMP_ARCH_ARM',
  ppc64le: 'SCMP_ARCH_PPC64LE',
  ppc64: 'SCMP_ARCH_PPC64',
};

/** The architecture of a machine as `uname -m`, `ausearch -i` and container engines name it. */
export function architectureOfMachine(machine: string): Architecture | undefined {
  const known = MACHINES[machine];
  if (known) return architecture(known);
  return architectures().find(({ table, docker }) => table === machine || docker === machine);
}
