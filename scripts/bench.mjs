// Measures the product beside libseccomp in C and jsonc-parser, in one run: node scripts/bench.mjs [--rounds N]
import os from 'node:os';
import { parseArgs } from 'node:util';
import { filters } from './bench/filters.mjs';
import { startLibseccomp } from './bench/libseccomp.mjs';
import { sizes } from './bench/sizes.mjs';
import { table } from './bench/table.mjs';
import { readings } from './bench/texts.mjs';
import { loadModule, root } from './lib/load.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('Usage: node scripts/bench.mjs [--rounds N]');
  process.exit(2);
}
process.chdir(root);
const product = await loadModule('scripts/bench/product.ts');
const c = await startLibseccomp();
const parts = [await filters(product, c, rounds), await readings(product, rounds), sizes()];
c.close?.();

const load = `load ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} processors`;
const machine = `${os.cpus()[0]?.model}, Node ${process.version}, libseccomp ${c.version ?? 'absent'}, ${load}`;
console.log(`Medians of ${rounds} interleaved rounds, warm, of processor time. ${machine}.\n`);
const head = ['what', 'ours', 'time or rate', 'beside', 'time or rate', 'ours takes'];
console.log(
  table(
    head,
    parts.flatMap(({ rows }) => rows),
  ),
);
for (const note of parts.flatMap(({ notes }) => notes)) console.log(`\n${note}`);
