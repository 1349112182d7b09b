import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Oracle } from './compare.ts';
import { compileDriver, startDriver } from './driver.ts';
import { libraryOf } from './runtime.ts';

/** libseccomp on this machine, in as many processes as there are to be. */
export interface Oracles {
  /** libseccomp's release; names that came later are unknown to it. */
  readonly version: string;
  readonly list: readonly Oracle[];
  close(): void;
}

/** Compiles the driver and starts it; each build may take `limit` milliseconds of processor time. */
export async function openOracles(count = 2, limit = 1000): Promise<Oracles> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seccomp-driver-'));
  const program = await compileDriver(folder);
  const drivers = Array.from({ length: count }, () => startDriver(program, limit));
  return {
    version: await drivers[0]!.version(),
    list: drivers.map((driver) => ({ driver, library: libraryOf(driver) })),
    close: () => {
      for (const driver of drivers) driver.close();
      fs.rmSync(folder, { recursive: true });
    },
  };
}
