import { architectures, capabilities } from '../src/catalog/index.ts';
import type { RuntimeName, Target } from '../src/policy/target.ts';
import { readSettings } from '../src/settings.ts';
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

/** The target that containers with these options of `docker create` are on an engine; `base` tells what it does not. */
export function targetOn(engine: Engine, base: Target, options: readonly string[]): Target {
  const told = targetSettings(engine);
  const read = readSettings({ target: told }).target;
  return {
    ...base,
    runtime: read.runtime,
    ...(told.architecture && { architecture: read.architecture }),
    ...(told.kernel && { kernel: read.kernel }),
    ...(told.libseccomp && { libseccomp: read.libseccomp }),
    capabilities: granted(told.capabilities ? read.capabilities : base.capabilities, options),
    noNewPrivileges:
      base.noNewPrivileges || options.some((option) => /(^|=)no-new-privileges(:true|=true)?$/.test(option)),
  };
}

/** What `--cap-add`, `--cap-drop` and `--privileged` make of the default capabilities (moby: `oci/caps/utils.go`). */
function granted(byDefault: ReadonlySet<string>, options: readonly string[]): ReadonlySet<string> {
  const all = capabilities().map(({ name }) => name);
  const added = capabilityOption('--cap-add', options);
  const dropped = capabilityOption('--cap-drop', options);
  if (options.includes('--privileged')) return new Set(all);
  if (added.includes('CAP_ALL')) return new Set(all.filter((name) => !dropped.includes(name)));
  if (dropped.includes('CAP_ALL')) return new Set(added);
  return new Set([...[...byDefault].filter((name) => !dropped.includes(name)), ...added]);
}

/** The values of an option, given as `--option VALUE` or `--option=VALUE`, as `CAP_SYS_ADMIN`. */
function capabilityOption(option: string, words: readonly string[]): readonly string[] {
  const values = words.flatMap((word, i) => {
    if (word === option) return words[i + 1] ?? [];
    return word.startsWith(`${option}=`) ? word.slice(option.length + 1) : [];
  });
  return values.map((value) => `CAP_${value.toUpperCase().replace(/^CAP_/, '')}`);
}
