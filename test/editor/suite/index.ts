import fs from 'node:fs';
import path from 'node:path';
import type Mocha from 'mocha';

/**
 * Runs every bundled test beside this file in the extension host.
 * @throws when a test fails, or when none was run
 */
export async function run(): Promise<void> {
  const mocha = new (loadMocha())({ ui: 'bdd', reporter: 'spec', timeout: 120_000, ...grep() });
  for (const file of fs.readdirSync(__dirname).sort())
    if (file.endsWith('.test.cjs')) mocha.addFile(path.join(__dirname, file));
  const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats));
  });
  if (!stats || stats.tests === 0) throw new Error('No test was run.');
  if (stats.failures > 0) throw new Error(`${stats.failures} of ${stats.tests} tests failed.`);
}

const grep = (): Mocha.MochaOptions => (process.env.SECCOMP_TEST_GREP ? { grep: process.env.SECCOMP_TEST_GREP } : {});

/** The editor's Node decides what `require` gives for an ES module: its namespace or, since 23, the class itself. */
function loadMocha(): typeof Mocha {
  const loaded: typeof Mocha & { readonly Mocha?: typeof Mocha } = require('mocha');
  return loaded.Mocha ?? loaded;
}
