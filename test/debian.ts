import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LOCK = path.join(os.tmpdir(), 'seccomp-profiles-tests-apt');

/** Where programs are looked for: services live in folders that a user's PATH may lack. */
export const searchPath = (): readonly string[] => [
  ...['/usr/local/sbin', '/usr/sbin', '/sbin'],
  ...(process.env.PATH ?? '').split(':'),
];

/**
 * Installs Debian's packages where one of their programs is missing; `programs` gives the package of each program, or of
 * a file by its absolute path, and `isThere` says whether one is missing. No service is started. Throws with `help` where
 * they cannot be had.
 */
export async function ensurePrograms(
  programs: Readonly<Record<string, string>>,
  help: string,
  isThere: (program: string) => boolean = onPath,
): Promise<void> {
  const missing = Object.keys(programs).filter((program) => !isThere(program));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) throw new Error(`${missing.join(', ')} missing. ${help}`);
  const packages = [...new Set(missing.map((program) => programs[program]!))];
  const allowStart = forbidServices();
  try {
    // the lists of packages may be absent or too old to install from
    await install(packages).catch(() => aptGet('update').then(() => install(packages)));
  } catch (error) {
    throw new Error(`${missing.join(', ')} missing, and apt-get could not install ${packages}: ${error}. ${help}`);
  } finally {
    allowStart();
  }
}

function onPath(program: string): boolean {
  if (path.isAbsolute(program)) return fs.existsSync(program);
  return searchPath().some((folder) => fs.existsSync(path.join(folder, program)));
}

const install = (packages: readonly string[]) => aptGet('install', '-y', '--no-install-recommends', ...packages);

/** One at a time: several processes run tests, and apt-get does not wait for its lists. */
const aptGet = (...args: readonly string[]) =>
  run('flock', [LOCK, 'apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 1 << 26,
  });

/** Keeps Debian's packages from starting the service that they bring; yields what takes that back. */
function forbidServices(): () => void {
  const policy = '/usr/sbin/policy-rc.d';
  if (fs.existsSync(policy)) return () => undefined;
  fs.writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => fs.rmSync(policy, { force: true });
}
