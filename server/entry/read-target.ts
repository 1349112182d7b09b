import type { CancellationToken } from 'vscode-languageserver';
import { type Engine, engineLabel, execute, findEngine } from '../container/index.ts';
import { architectures } from '../src/catalog/index.ts';
import type { RuntimeName } from '../src/policy/target.ts';
import { type EngineTarget, READ_TARGET_REQUEST } from '../src/protocol.ts';
import type { Session } from '../src/session.ts';
import { UNTRUSTED } from './engine-for.ts';

/** Lets a client ask what target the running engine is. */
export function serveTarget(session: Session): void {
  // the token comes last, behind parameters that are none of ours
  session.connection.onRequest<EngineTarget, unknown>(READ_TARGET_REQUEST, (...args: readonly unknown[]) =>
    readTarget(session, args.at(-1) as CancellationToken),
  );
}

/** Asks the engine of the settings. The target's own runtime does not count: the answer replaces it. */
async function readTarget({ trusted, settings }: Session, token: CancellationToken): Promise<EngineTarget> {
  if (!trusted) return { kind: 'refused', message: UNTRUSTED };
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  const { engine: kind, program, environment: env } = settings.container;
  const found = await findEngine({ kind, ...(program && { program }), env }, execute, controller.signal);
  if (!found.ok) return { kind: 'none', problems: found.problems.map(({ message }) => message) };
  return { kind: 'target', label: engineLabel(found.engine), settings: targetSettings(found.engine) };
}

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
