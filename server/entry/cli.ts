import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { interruptible } from '../cli/interruptible.ts';
import { processIo } from '../cli/io.ts';
import { main } from '../cli/main.ts';

/** What a command ends with that worked and has nothing good to say. */
const BAD_ANSWER = 1;

/** Of the package that this file is in. */
function version(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(join(__dirname, '..', 'package.json'), 'utf8'),
  );
  return manifest.version;
}

/** Runs a command. `settled` is called at the end of one that could do what it was to do. */
export async function start(settled: () => void): Promise<void> {
  const interruption = new AbortController();
  const args = process.argv.slice(2);
  const status = main(args, processIo(), version(), interruption.signal);
  const code = typeof status === 'number' ? status : await interruptible(status, interruption);
  process.exitCode = code;
  if (code <= BAD_ANSWER && !args[0]?.startsWith('-')) settled();
}
