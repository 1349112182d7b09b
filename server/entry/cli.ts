import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { interruptible } from '../cli/interruptible.ts';
import { processIo } from '../cli/io.ts';
import { main } from '../cli/main.ts';

/** Of the package that this file is in. */
function version(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(join(__dirname, '..', 'package.json'), 'utf8'),
  );
  return manifest.version;
}

/** Runs a command. */
export async function start(): Promise<void> {
  const interruption = new AbortController();
  const status = main(process.argv.slice(2), processIo(), version(), interruption.signal);
  process.exitCode = typeof status === 'number' ? status : await interruptible(status, interruption);
}
