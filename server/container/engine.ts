import { type Cli, ENGINE_NAME, type EngineKind } from './cli.ts';
import { type EngineProblem, problemOf } from './engine-problem.ts';
import type { Execute, Output } from './execute.ts';
import { at, type Json, list, parseJson, text } from './json.ts';
import type { ProbeArch } from './probe/layout.ts';

/** Which engine to use. */
export interface EngineSettings {
  /** `auto`: the first that answers of Docker, Podman and nerdctl. */
  readonly kind: 'auto' | EngineKind;
  /** The command-line program; the engine's name when absent. Not read with `auto`. */
  readonly program?: string | undefined;
  /** Variables for the program, e.g. `DOCKER_HOST` or `DOCKER_CONTEXT`, on top of the environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** An engine that answers. */
export interface Engine extends Cli {
  /** Version of the engine, e.g. `28.5.2`. */
  readonly version: string;
  /** The program that makes containers, e.g. `runc`, and its version where the engine tells. */
  readonly runtime: { readonly name: string; readonly version?: string };
  /** Release of libseccomp that the runtime loads filters with; absent where the engine does not tell. */
  readonly libseccomp?: string;
  /** Capabilities that containers get by default; absent where the engine does not tell. */
  readonly capabilities?: readonly string[];
  /** Kernel that the containers run on. */
  readonly kernel: string;
  /** Machine as the engine names it, e.g. `x86_64`. */
  readonly machine: string;
  /** Architecture of the probe program; absent where there is none for the machine. */
  readonly probeArch?: ProbeArch;
  readonly rootless: boolean;
  /** Whether engine and kernel can filter syscalls. */
  readonly seccomp: boolean;
  /** Where the engine listens, e.g. `unix:///var/run/docker.sock`; absent when unknown. */
  readonly endpoint?: string;
  /** Whether the containers run on another machine, or in a virtual machine that the program reaches over a network. */
  readonly remote: boolean;
}

/** The engine, or why there is none: one problem for each program that was tried. */
export type Found =
  | { readonly ok: true; readonly engine: Engine }
  | { readonly ok: false; readonly problems: readonly EngineProblem[] };

const KINDS: readonly EngineKind[] = ['docker', 'podman', 'nerdctl'];

/** Finds the engine that the settings ask for and reads what it says of itself. */
export async function findEngine(settings: EngineSettings, execute: Execute, signal?: AbortSignal): Promise<Found> {
  const problems: EngineProblem[] = [];
  for (const cli of candidates(settings)) {
    const found = await askEngine(cli, execute, signal);
    if (found.ok) return found;
    problems.push(...found.problems);
  }
  return { ok: false, problems };
}

function candidates({ kind, program, env = {} }: EngineSettings): readonly Cli[] {
  if (kind === 'auto') return KINDS.map((each) => ({ kind: each, program: each, env }));
  return [{ kind, program: program || kind, env }];
}

async function askEngine(cli: Cli, execute: Execute, signal?: AbortSignal): Promise<Found> {
  const ask = (...args: readonly string[]) => execute({ ...cli, args }, { signal, timeoutMs: 15_000 });
  const format = cli.kind === 'podman' ? 'json' : '{{json .}}';
  const [version, info, endpoint] = await Promise.all([
    ask('version', '--format', format),
    ask('info', '--format', format),
    cli.kind === 'docker' ? ask('context', 'inspect', '--format', '{{json .Endpoints.docker.Host}}') : undefined,
  ]);
  const problem = problemOf(cli, version) ?? problemOf(cli, info);
  if (problem) return { ok: false, problems: [problem] };
  return { ok: true, engine: describe(cli, parseJson(version.stdout), parseJson(info.stdout), endpoint) };
}

/** Podman may be installed under Docker's name: it answers in its own form all the same. */
function describe(cli: Cli, version: Json | undefined, info: Json | undefined, endpoint: Output | undefined): Engine {
  if (at(info, 'host') !== undefined) return describePodman({ ...cli, kind: 'podman' }, version, info);
  const host = endpoint?.status === 0 ? parseJson(endpoint.stdout) : undefined;
  return describeDocker(cli, version, info, typeof host === 'string' ? host : undefined);
}

function describeDocker(cli: Cli, version: Json | undefined, info: Json | undefined, endpoint?: string): Engine {
  const components = list(version, 'Server', 'Components');
  const component = (name: string) =>
    text(
      components.find((each) => text(each, 'Name')?.toLowerCase() === name),
      'Version',
    );
  const name = text(info, 'DefaultRuntime') ?? 'runc';
  const options = list(info, 'SecurityOptions').filter((option) => typeof option === 'string');
  return {
    ...cli,
    version: text(version, 'Server', 'Version') ?? component('engine') ?? component('containerd') ?? 'unknown',
    runtime: runtime(name, component(name)),
    ...libseccompOf(info, name),
    kernel: text(info, 'KernelVersion') ?? text(version, 'Server', 'KernelVersion') ?? 'unknown',
    ...machine(text(info, 'Architecture') ?? text(version, 'Server', 'Arch') ?? 'unknown'),
    rootless: options.some((option) => option.startsWith('name=rootless')),
    seccomp: options.some((option) => option.startsWith('name=seccomp')),
    ...(endpoint && { endpoint }),
    remote: endpoint !== undefined && isRemote(endpoint),
  };
}

function describePodman(cli: Cli, version: Json | undefined, info: Json | undefined): Engine {
  const reported = text(info, 'host', 'ociRuntime', 'version')?.match(/version (\S+)/)?.[1];
  const endpoint = text(info, 'host', 'remoteSocket', 'path');
  return {
    ...cli,
    version:
      text(version, 'Server', 'Version') ??
      text(info, 'version', 'Version') ??
      text(version, 'Client', 'Version') ??
      'unknown',
    runtime: runtime(text(info, 'host', 'ociRuntime', 'name') ?? 'crun', reported),
    ...capabilitiesOf(info),
    kernel: text(info, 'host', 'kernel') ?? 'unknown',
    ...machine(text(info, 'host', 'arch') ?? 'unknown'),
    rootless: at(info, 'host', 'security', 'rootless') === true,
    seccomp: at(info, 'host', 'security', 'seccompEnabled') !== false,
    ...(endpoint && { endpoint }),
    remote: at(info, 'host', 'serviceIsRemote') === true,
  };
}

const runtime = (name: string, version: string | undefined): Engine['runtime'] => ({
  name,
  ...(version && { version }),
});

const FEATURES = 'org.opencontainers.runtime-spec.features';
const LIBSECCOMP = 'io.github.seccomp.libseccomp.version';

/** From the features that Docker 25 and later pass on from `runc features`. */
function libseccompOf(info: Json | undefined, runtimeName: string): Pick<Engine, 'libseccomp'> {
  const features = text(info, 'Runtimes', runtimeName, 'status', FEATURES);
  const libseccomp = features && text(parseJson(features), 'annotations', LIBSECCOMP);
  return libseccomp ? { libseccomp } : {};
}

/** Podman has them as one text with commas. */
function capabilitiesOf(info: Json | undefined): Pick<Engine, 'capabilities'> {
  const names = text(info, 'host', 'security', 'capabilities');
  return names ? { capabilities: names.split(',') } : {};
}

function machine(name: string): Pick<Engine, 'machine' | 'probeArch'> {
  const probeArch = PROBE_ARCH[name];
  return { machine: name, ...(probeArch && { probeArch }) };
}

const PROBE_ARCH: Readonly<Record<string, ProbeArch>> = {
  x86_64: 'x86_64',
  amd64: 'x86_64',
  aarch64: 'aarch64',
  arm64: 'aarch64',
};

const isRemote = (endpoint: string) =>
  /^ssh:/.test(endpoint) || (/^(tcp|https?):/.test(endpoint) && !/^\w+:\/\/(127\.|localhost\b|\[::1\])/.test(endpoint));

/** `Docker 28.5.2 · runc 1.3.6 · Linux 6.18 (x86_64)`. */
export function engineLabel(engine: Engine): string {
  const { runtime, kernel, machine } = engine;
  const made = [runtime.name, runtime.version].filter(Boolean).join(' ');
  return `${ENGINE_NAME[engine.kind]} ${engine.version} · ${made} · Linux ${kernel} (${machine})`;
}
