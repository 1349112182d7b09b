import { execute } from '../../server/container/execute.ts';
import { imageArchive } from '../../server/container/probe/image.ts';
import type { ProbeArch } from '../../server/container/probe/layout.ts';
import { type Call, probeProgram } from '../../server/container/probe/program.ts';
import { numberOn } from '../../server/src/catalog/index.ts';
import type { TestEngine } from './engine-setup.ts';

/** Adds an image whose program makes these calls, as a user's image would be there. */
export async function loadImage(env: TestEngine['env'], tag: string, calls: readonly Call[]): Promise<void> {
  const arch = hostArch();
  const archive = imageArchive({ arch, tag, labels: {}, program: probeProgram(arch, calls) });
  const { status, stderr } = await execute({ program: 'docker', args: ['load'], env, stdin: archive });
  if (status !== 0) throw new Error(stderr);
}

export const hostArch = (): ProbeArch => (process.arch === 'arm64' ? 'aarch64' : 'x86_64');

/** A call by name on this machine. */
export const call = (name: string, ...args: Call['args']): Call => ({
  label: name,
  nr: numberOn(name, hostArch())!,
  args,
});
