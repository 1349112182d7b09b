import { execute } from '../../server/container/execute.ts';
import { imageArchive } from '../../server/container/probe/image.ts';
import type { ProbeArch } from '../../server/container/probe/layout.ts';
import { type Call, probeProgram } from '../../server/container/probe/program.ts';
import type { TestHost } from '../../server/container/request.ts';
import { type Verification, type VerifyRequest, verifyProfile } from '../../server/container/verify/verify.ts';
import { numberOn } from '../../server/src/catalog/index.ts';
import { startEngine, type TestEngine } from './engine-setup.ts';

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
export async function addUserImage(tag: string, calls: readonly Call[]): Promise<void> {
  const arch = hostArch();
  const archive = imageArchive({ arch, tag, labels: {}, program: probeProgram(arch, calls) });
  const { status, stderr } = await execute({ program: 'docker', args: ['load'], env: engine!.env, stdin: archive });
  if (status !== 0) throw new Error(stderr);
}

export const hostArch = (): ProbeArch => (process.arch === 'arm64' ? 'aarch64' : 'x86_64');

/** A call by name on this machine. */
export const call = (name: string, ...args: Call['args']): Call => ({
  label: name,
  nr: numberOn(name, hostArch())!,
  args,
});
