import { execute } from '../../server/container/execute.ts';
import type { Call } from '../../server/container/probe/program.ts';
import type { TestHost } from '../../server/container/request.ts';
import { type Verification, type VerifyRequest, verifyProfile } from '../../server/container/verify/verify.ts';
import { startEngine, type TestEngine } from './engine-setup.ts';
import { loadImage } from './user-image.ts';

export { call, hostArch } from './user-image.ts';

let engine: TestEngine | undefined;

before(async function () {
  this.timeout(300_000);
  engine = await startEngine();
});

after(async function () {
  this.timeout(60_000);
  await engine?.stop();
});

/** What `docker ...` of the tests' engine prints. Throws when it fails. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await execute({ program: 'docker', args, env: engine!.env });
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`);
  return stdout;
}

export const engineSettings = () => ({ kind: 'docker', env: engine!.env }) as const;

/** Verifies a profile on the tests' engine. */
export const verify = (
  profile: object | string,
  more: Partial<VerifyRequest> = {},
  host: TestHost = {},
): Promise<Verification> =>
  verifyProfile(
    {
      profile: { text: typeof profile === 'string' ? profile : JSON.stringify(profile) },
      engine: engineSettings(),
      ...more,
    },
    host,
  );

/** The same, and what was run alone. */
export const runTest = async (...args: Parameters<typeof verify>) => (await verify(...args)).report;

/** All containers and images of the engine, in a fixed order. */
export async function inventory(): Promise<readonly string[]> {
  const containers = await docker('container', 'ls', '--all', '--quiet');
  const images = await docker('image', 'ls', '--all', '--quiet');
  return [...containers.split('\n'), ...images.split('\n')].filter(Boolean).toSorted();
}

/** Adds an image whose program makes these calls, as a user's image would be there. */
export const addUserImage = (tag: string, calls: readonly Call[]): Promise<void> => loadImage(engine!.env, tag, calls);
