// Runs the test files of a folder with two mocha processes at a time, each file in a process of its own, for stages that mostly
// wait for other programs: `node scripts/lib/side-by-side.mjs FOLDER [MOCHA OPTION]...`. An engine that is given to the tests
// serves one file at a time.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const [folder, ...options] = process.argv.slice(2);
const AT_ONCE = process.env.SECCOMP_PROFILES_TEST_DOCKER_HOST ? 1 : Math.min(2, os.availableParallelism());

/** Resolves to the exit status; the output is passed on in one piece, so that those of several do not mix. */
function mocha(file) {
  return new Promise((resolve) => {
    const args = [path.join(root, 'node_modules', '.bin', 'mocha'), ...options, file];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat([Buffer.from(`\n  ${file}\n`), ...output]));
      resolve(code ?? 1);
    });
  });
}

/** The longest text first, since what takes longest should not begin last. */
const place = path.join(root, 'out', 'test', folder);
const waiting = fs
  .readdirSync(place)
  .filter((name) => name.endsWith('.test.mjs'))
  .map((name) => ({ file: path.join('out', 'test', folder, name), size: fs.statSync(path.join(place, name)).size }))
  .toSorted((a, b) => b.size - a.size);
if (waiting.length === 0) throw new Error(`There are no tests in ${place}.`);

async function work() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const code = await mocha(next.file);
    if (code !== 0) process.exitCode = 1;
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
