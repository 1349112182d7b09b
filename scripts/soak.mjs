// Verifies profiles in containers for as long as wanted, interrupts and kills some: npm run test:soak -- [--runs N] [--seed S] [--minutes N]
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { loadModule, root } from './lib/load.mjs';

process.chdir(root);
const text = { type: 'string' };
const { values } = parseArgs({ options: { runs: text, seed: text, minutes: text } });
const number = (value, otherwise) => (value === undefined ? otherwise : Number(value));
const runs = number(values.runs, 500);
const seed = number(values.seed, Date.now() % 1_000_000_000);
const minutes = number(values.minutes, 60);
if (![runs, seed, minutes].every(Number.isFinite)) {
  console.error('Usage: npm run test:soak -- [--runs N] [--seed S] [--minutes N]');
  process.exit(2);
}

const { status } = spawnSync(process.execPath, ['scripts/build.mjs', '--tests'], { stdio: 'inherit' });
if (status !== 0) process.exit(1);
const { growth, soak } = await loadModule('test/soak/soak.ts');
const program = pathToFileURL(path.join(root, 'out/test/soak/run.mjs'));
console.log(`seed ${seed}, ${runs} runs, ${minutes} min at most`);
const from = performance.now();
const kib = (bytes) => Math.round(bytes / 1024);
const report = await soak({
  runs,
  seed,
  milliseconds: minutes * 60_000,
  program,
  progress: (done, heap) => done % 10 === 0 && console.log(`${done} runs, heap ${kib(heap)} KiB`),
});
/** A run that left more than this behind in memory would show. */
const HEAP_BYTES_PER_RUN = 4096;

const grown = growth(report.heaps);
const handles = growth(report.open);
console.log(`${report.heaps.length} runs in ${Math.round((performance.now() - from) / 1000)} s`, report.runs);
console.log('outcomes', report.outcomes);
console.log(`heap: ${kib(report.heaps[0])} KiB after the first run, ${kib(report.heaps.at(-1))} KiB after the last`);
console.log(`growth from half to half: ${kib(grown)} KiB of heap, ${handles} open files`);
console.log(`left behind: ${report.left.length}`);
for (const each of report.left) console.log(`  ${each}`);
const flat = grown < Math.max(512 << 10, HEAP_BYTES_PER_RUN * report.heaps.length) && handles <= 0;
/** What a run was to end with, and none did: the soak did not show what it is for. */
const missed = ['cancelled', 'killed'].filter((end) => report.runs[end] > 0 && !report.outcomes[end]);
if (missed.length > 0) console.log(`no run was really ${missed.join(' or ')}`);
process.exitCode = report.left.length === 0 && flat && missed.length === 0 ? 0 : 1;
