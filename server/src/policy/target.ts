/** What reads the profile. It decides the dialect, the checks that are made, and what libseccomp is told. */
export type RuntimeName = 'docker' | 'podman' | 'containerd' | 'cri-o' | 'kubernetes' | 'runc' | 'crun';

/** The program that loads the filter. */
export type Loader = 'runc' | 'crun';

/** For whom a profile is judged. */
export interface Target {
  readonly runtime: RuntimeName;
  /** Native architecture of the host, `SCMP_ARCH_X86_64`. */
  readonly architecture: string;
  /** Kernel release `[major, minor]`; undefined stands for a current kernel, to which every `minKernel` applies. */
  readonly kernel: readonly [number, number] | undefined;
  /** libseccomp release, `2.6.1`: names that came later are dropped. */
  readonly libseccomp: string;
  /** Bounding set of the container, `CAP_CHOWN`. */
  readonly capabilities: ReadonlySet<string>;
  /** The container runs with no-new-privileges: the filter is loaded later, so the runtime needs fewer syscalls. */
  readonly noNewPrivileges: boolean;
  /** The runtime's usual one when absent, see {@link loaderOf}. */
  readonly loader?: Loader;
  /** Releases of the programs involved, for those that are not of today. */
  readonly releases?: Releases;
}

export interface Releases {
  /** Of what reads the profile where that is not the loader: Docker's, `20.10.24`. */
  readonly engine?: string;
  /** Of runc or crun, `1.1.5`. */
  readonly loader?: string;
}

/** The same target with today's releases. */
export function today({ releases: _, ...target }: Target): Target {
  return target;
}

/** Whether a release is known and older than another one. */
export function isBefore(release: string | undefined, first: string): boolean {
  return release !== undefined && compareVersions(release, first) < 0;
}

/** Docker before 23 knows the default action, the architectures and the rules, and types of its own (moby: v20.10.24, `profiles/seccomp/seccomp.go`). */
export function readsOnlyRules({ runtime, releases }: Target): boolean {
  return runtime === 'docker' && isBefore(releases?.engine, '23.0.0');
}

/** How a runtime reads profiles: with Docker's additions, with Podman's, or as bare OCI `linux.seccomp`. */
export type Dialect = 'docker' | 'podman' | 'oci';

export function dialectOf(runtime: RuntimeName): Dialect {
  if (runtime === 'docker') return 'docker';
  return runtime === 'podman' || runtime === 'cri-o' ? 'podman' : 'oci';
}

/** Which program loads the filter: the one that is set, else runc unless the runtime uses crun by default. */
export function loaderOf({ runtime, loader }: Pick<Target, 'runtime' | 'loader'>): Loader {
  return loader ?? (runtime === 'podman' || runtime === 'cri-o' || runtime === 'crun' ? 'crun' : 'runc');
}

/** How messages name the runtime. */
export function runtimeLabel(runtime: RuntimeName): string {
  return RUNTIME_LABELS[runtime];
}

const RUNTIME_LABELS: Readonly<Record<RuntimeName, string>> = {
  docker: 'Docker',
  podman: 'Podman',
  containerd: 'containerd',
  'cri-o': 'CRI-O',
  kubernetes: 'Kubernetes',
  runc: 'runc',
  crun: 'crun',
};

/** Orders dotted version numbers: negative when `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  return a === b ? 0 : versionRank(a) - versionRank(b);
}

/** A version as one number; remembered, since a filter compares hundreds of names with one release. */
function versionRank(version: string): number {
  const known = RANKS.get(version);
  if (known !== undefined) return known;
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const rank = (major * 1000 + minor) * 1000 + patch;
  RANKS.set(version, rank);
  return rank;
}

const RANKS = new Map<string, number>();
