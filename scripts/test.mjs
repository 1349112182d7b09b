// The whole test suite, stage by stage, as `npm test` and CI run it. `npm test -- unit editor` runs some stages only.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => path.join(root, 'node_modules', '.bin', name);
const node = (...args) => [process.execPath, args];
const mocha = (folder, ...options) => node(bin('mocha'), ...options, `out/test/${folder}/**/*.test.mjs`);

/** In the order of cost: what fails fast comes first. */
const STAGES = [
  { name: 'lint', command: node(bin('biome'), 'ci', '--colors=off') },
  { name: 'types', command: node(bin('tsc'), '-b') },
  { name: 'build', command: node('scripts/build.mjs', '--tests') },
  { name: 'unit', command: mocha('unit') },
  { name: 'grammar', command: mocha('grammar') },
  { name: 'stdio', command: mocha('stdio') },
  { name: 'fuzz', command: mocha('fuzz') },
  { name: 'differential', command: mocha('differential', '--timeout', '120000') },
  { name: 'kernel', command: mocha('kernel', '--timeout', '120000') },
  { name: 'cli', command: mocha('cli', '--timeout', '60000') },
  { name: 'container', command: node('scripts/lib/side-by-side.mjs', 'container', '--timeout', '60000') },
  { name: 'runtimes', command: mocha('runtimes', '--timeout', '600000') },
  { name: 'package', command: node('scripts/package.mjs') },
  // what the package stage has left in dist/
  { name: 'release', command: mocha('release') },
  { name: 'editor', command: node('test/editor/run.mjs') },
  { name: 'ui', command: node('test/ui/run.mjs') },
];

const ALWAYS = new Set(['build']);

/** Runs one stage, passes its output through, and counts the tests that it reports. */
function run({ name, command: [program, args] }) {
  return new Promise((resolve) => {
    const started = Date.now();
    console.log(`\n── ${name}`);
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      output += chunk;
    });
    child.on('error', (error) => resolve({ name, code: 1, seconds: 0, passed: 0, failed: 1, error }));
    child.on('close', (code) => {
      const seconds = (Date.now() - started) / 1000;
      resolve({ name, code: code ?? 1, seconds, ...counts(output) });
    });
  });
}

function counts(output) {
  const sum = (pattern) => [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
  return {
    passed: sum(/^\s*(\d+) (?:passing|scenes? passed)\b/gm),
    failed: sum(/^\s*(\d+) failing\b/gm),
    pending: sum(/^\s*(\d+) pending\b/gm),
  };
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`Unknown stage ${unknown.join(', ')}. Stages: ${STAGES.map((stage) => stage.name).join(' ')}`);
  process.exit(2);
}

const results = [];
for (const stage of STAGES) {
  if (wanted.length > 0 && !wanted.includes(stage.name) && !ALWAYS.has(stage.name)) continue;
  const result = await run(stage);
  results.push(result);
  if (result.code !== 0 && ['build', 'package'].includes(stage.name)) break;
}

console.log('\n── summary');
for (const { name, code, seconds, passed } of results)
  console.log(
    `${code === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s  ${passed || ''}`,
  );
const skipped = results.reduce((sum, r) => sum + (r.pending ?? 0), 0);
const broken = results.filter((r) => r.code !== 0 && !r.failed).length;
const failed = results.reduce((sum, r) => sum + r.failed, 0) + broken;
const passed = results.reduce((sum, r) => sum + r.passed, 0);
if (skipped > 0) console.log(`${skipped} tests were skipped; none may be.`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || skipped > 0 || results.some((r) => r.code !== 0) ? 1 : 0;
