import fs from 'node:fs';
import os from 'node:os';
import { execute } from '../../server/container/index.ts';
import { architectureOf } from '../../server/src/catalog/index.ts';
import type { Target } from '../../server/src/policy/target.ts';
import { defaultTarget } from '../../server/src/settings.ts';
import { probeArch } from './runtime.ts';

/** This machine as a target, for a container without capabilities. */
export function hostTarget(libseccomp: string): Target {
  const [major = 0, minor = 0] = os.release().split('.').map(Number);
  return {
    ...defaultTarget(),
    architecture: architectureOf(probeArch())!.name,
    kernel: [major, minor],
    libseccomp,
    capabilities: new Set(),
    noNewPrivileges: false,
  };
}

/** The first line of `program --version` ends in it: `runc version 1.1.5+ds1`. */
export const releaseOf = async (program: string): Promise<string> =>
  read(await output(program, '--version'), /version v?(\d+(?:\.\d+)+)/, `the release of ${program}`);

/** The release of libseccomp that a program is linked with: from the file that the loader finds for it. */
export async function libseccompOf(program: string): Promise<string> {
  const place = (await output('sh', '-c', 'command -v "$1"', 'sh', program)).trim();
  const library = read(await output('ldd', place), /=> (\S*libseccomp\S*)/, `the libseccomp of ${program}`);
  return read(fs.realpathSync(library), /\.so\.(\d+\.\d+\.\d+)$/, `the release of ${library}`);
}

async function output(program: string, ...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await execute({ program, args });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function read(text: string, pattern: RegExp, what: string): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`Cannot tell ${what} from: ${text}`);
  return found;
}
