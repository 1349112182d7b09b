import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadModule } from '../lib/load.mjs';

const HINT = 'no figures of libseccomp: they need `apt-get install libseccomp-dev gcc libc6-dev`';
const PICOSECONDS = 1000;

function works(program) {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** libseccomp in C: a driver with a clock and the one of the differential tests; or why there is none. */
export async function startLibseccomp() {
  if (!works('gcc') || !(process.env.SECCOMP_FLAGS || fs.existsSync('/usr/include/seccomp.h')))
    return { missing: HINT };
  const { compileDriver, startDriver } = await loadModule('test/differential/driver.ts');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seccomp-profiles-'));
  const driver = startDriver(await compileDriver(folder), 5000);
  const program = path.join(folder, 'clock');
  const flags = process.env.SECCOMP_FLAGS?.split(' ') ?? ['-lseccomp'];
  execFileSync('gcc', ['-O2', '-Wno-unused-function', '-o', program, 'scripts/bench/clock.c', ...flags]);
  const clock = startDriver(program);
  const times = async (build) => {
    const { kind, verdicts } = await clock.build(build);
    if (kind !== 'ok') throw new Error(`libseccomp did not build the filter: ${kind}`);
    return { build: verdicts[0] / 1e6, verdict: verdicts[1] / PICOSECONDS };
  };
  return {
    version: await driver.version(),
    driver,
    /** Milliseconds of processor time for build and export, without process and pipe. */
    buildTime: async (build) => (await times({ ...build, calls: [] })).build,
    /** Nanoseconds of processor time for one verdict, without process and pipe. */
    verdictTime: async (build) => (await times(build)).verdict,
    /** Milliseconds by the clock of a whole question to the driver: pipe, text, a process for the case, build and export. */
    roundTrip: async (build) => {
      const start = performance.now();
      await driver.build(build);
      return performance.now() - start;
    },
    close: () => {
      driver.close();
      clock.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
