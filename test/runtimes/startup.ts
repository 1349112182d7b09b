import { dockerDefaultCapabilities } from '../../server/src/catalog/index.ts';
import { policyOf } from '../../server/src/policy/policy.ts';
import { startupNeeds } from '../../server/src/policy/startup.ts';
import { parseProfile } from '../../server/src/profile/build.ts';
import { HARMLESS_CALL } from './calls.ts';
import { targetFor } from './judge.ts';
import type { Runtime } from './runtime.ts';

/** Go's runtime makes them in most starts, not in all: without them some containers start. */
const NOT_ALWAYS: ReadonlySet<string> = new Set(['futex', 'rt_sigreturn']);

/**
 * The calls that the policy engine says the runtime cannot do without, and with which denied a container started all the
 * same, as `ERRNO openat`; none when it is right.
 */
export async function startedWithout(runtime: Runtime, noNewPrivileges: boolean): Promise<readonly string[]> {
  const setting = { capabilities: dockerDefaultCapabilities(), noNewPrivileges };
  const policy = policyOf(parseProfile(denying('write', 'ERRNO')).profile!, targetFor(runtime.target, setting))!;
  const { always, whenKilled } = startupNeeds(policy);
  const tries = [
    ...always.map((name) => [name, 'ERRNO'] as const),
    ...whenKilled.map((name) => [name, 'KILL_PROCESS'] as const),
  ];
  const started: string[] = [];
  await runtime.prepare([HARMLESS_CALL], setting, async (run) => {
    for (const [name, action] of tries) {
      if (NOT_ALWAYS.has(name)) continue;
      const { kind } = await run(denying(name, action));
      if (kind === 'ran') started.push(`${action} ${name}`);
    }
  });
  return started;
}

const denying = (name: string, action: string): string =>
  JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: [name], action: `SCMP_ACT_${action}` }] });
