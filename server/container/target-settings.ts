import { architectures } from '../src/catalog/index.ts';
import type { RuntimeName } from '../src/policy/target.ts';
import type { Engine } from './engine.ts';

const RUNTIMES: Readonly<Record<Engine['kind'], RuntimeName>> = {
  docker: 'docker',
  podman: 'podman',
  nerdctl: 'containerd',
};

/** Settings under `seccomp.target.` as an engine's answers give them; what it does not tell is left out. */
export function targetSettings(engine: Engine): Readonly<Record<string, string | readonly string[]>> {
  const architecture = architectureOf(engine.machine);
  const kernel = /^\d+\.\d+/.exec(engine.kernel)?.[0];
  const libseccomp = /^\d+\.\d+\.\d+/.exec(engine.libseccomp ?? '')?.[0];
  return {
    runtime: RUNTIMES[engine.kind],
    ...(architecture && { architecture }),
    ...(kernel && { kernel }),
    ...(libseccomp && { libseccomp }),
    ...(engine.capabilities && { capabilities: engine.capabilities }),
  };
}

/** How `uname -m` spells machines whose table of syscalls has another name. */
const MACHINES: Readonly<Record<string, string>> = {
  amd64: 'SCMP_ARCH_X86_64',
  arm64: 'SCMP_ARCH_AARCH64',
  i386: 'SCMP_ARCH_X86',
  i686: 'SCMP_ARCH_X86',
  armv6l: 'SCMP_ARCH_ARM',
  armv7l: 'SCMP_ARCH_ARM',
};

function architectureOf(machine: string): string | undefined {
  return MACHINES[machine] ?? architectures().find(({ table }) => table === machine)?.name;
}
