import { architectureOfMachine, capabilities } from '../src/catalog/index.ts';
import type { Loader, Releases, RuntimeName, Target } from '../src/policy/target.ts';
import { readSettings } from '../src/settings.ts';
import type { Engine } from './engine.ts';

const RUNTIMES: Readonly<Record<Engine['kind'], RuntimeName>> = {
  docker: 'docker',
  podman: 'podman',
  nerdctl: 'containerd',
};

/** Settings under `seccomp.target.` as an engine's answers give them; what it does not tell is left out. */
export function targetSettings(engine: Engine): Readonly<Record<string, string | readonly string[]>> {
  const architecture = architectureOfMachine(engine.machine)?.name;
  const kernel = /^\d+\.\d+/.exec(engine.kernel)?.[0];
  const libseccomp = releaseIn(engine.libseccomp);
  return {
    runtime: RUNTIMES[engine.kind],
    ...(architecture && { architecture }),
    ...(kernel && { kernel }),
    ...(libseccomp && { libseccomp }),
    ...(engine.capabilities && { capabilities: engine.capabilities }),
  };
}

/** `20.10.24` of Debian's `20.10.24+dfsg1`; undefined where the text is no release. */
export const releaseIn = (text: string | undefined): string | undefined => /^\d+(?:\.\d+)+/.exec(text ?? '')?.[0];

/**
 * The target that a container made with these options of `docker create` is, with the releases of engine and loader. What
 * the engine does not tell is as in the settings by default: the newest libseccomp, Docker's capabilities.
 */
export function containerTarget(engine: Engine, options: readonly string[]): Target {
  const { target } = readSettings({ target: targetSettings(engine) });
  return {
    ...target,
    ...loading(engine, options),
    capabilities: capabilitiesWith(target.capabilities, options),
    noNewPrivileges: valuesOf(options, '--security-opt').some((value) =>
      /^no-new-privileges(?::true|=true)?$/.test(value),
    ),
  };
}

/** Names of runtimes that are one of the loaders, or start one and hand the profile on as it is. */
const LOADERS: Readonly<Record<string, Loader>> = {
  runc: 'runc',
  'io.containerd.runc.v2': 'runc',
  nvidia: 'runc',
  crun: 'crun',
  'crun-wasm': 'crun',
};

/** Which program loads the filter and of which releases it and the engine are, as far as the engine tells. */
function loading({ version, runtime }: Engine, options: readonly string[]): Pick<Target, 'loader' | 'releases'> {
  const name = valuesOf(options, '--runtime').at(-1) ?? runtime.name;
  const loader = LOADERS[name];
  const engineRelease = releaseIn(version);
  const loaderRelease = loader && name === runtime.name ? releaseIn(runtime.version) : undefined;
  const releases: Releases = {
    ...(engineRelease && { engine: engineRelease }),
    ...(loaderRelease && { loader: loaderRelease }),
  };
  return { ...(loader && { loader }), releases };
}

/** `--cap-drop` counts after `--cap-add ALL` and before single additions (moby: `oci/caps`). */
function capabilitiesWith(own: ReadonlySet<string>, options: readonly string[]): ReadonlySet<string> {
  const added = valuesOf(options, '--cap-add').map(capabilityName);
  const dropped = valuesOf(options, '--cap-drop').map(capabilityName);
  const every = capabilities().map(({ name }) => name);
  const all = options.includes('--privileged') || added.includes(ALL);
  const start = all ? every : dropped.includes(ALL) ? [] : [...own];
  return new Set(
    [...start, ...added].filter((name) => name !== ALL && (added.includes(name) || !dropped.includes(name))),
  );
}

const ALL = 'CAP_ALL';

function capabilityName(text: string): string {
  const upper = text.toUpperCase();
  return upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
}

/** The values of an option, written `--name value` or `--name=value`. */
function valuesOf(options: readonly string[], name: string): readonly string[] {
  return options.flatMap((option, i) => {
    if (option.startsWith(`${name}=`)) return [option.slice(name.length + 1)];
    return options[i - 1] === name ? [option] : [];
  });
}
