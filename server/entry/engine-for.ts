import { type EngineSettings, execute, findEngine } from '../container/index.ts';
import { dialectOf } from '../src/policy/target.ts';
import type { Settings } from '../src/settings.ts';

/** Why nothing is run for a workspace without trust. */
export const UNTRUSTED = 'This workspace is not trusted, so nothing is run. Trust it to test profiles in containers.';

/** With nothing set, a profile for Podman is tested in Podman where that answers. */
export async function engineFor({ container, target }: Settings, signal: AbortSignal): Promise<EngineSettings> {
  const { engine, program, environment: env } = container;
  const settings: EngineSettings = { kind: engine, ...(program && { program }), env };
  if (engine !== 'auto' || dialectOf(target.runtime) !== 'podman') return settings;
  const podman: EngineSettings = { kind: 'podman', env };
  return (await findEngine(podman, execute, signal)).ok ? podman : settings;
}
