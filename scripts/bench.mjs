// Measures the product beside what users would take instead, in one run: VS Code's JSON language server, jsonc-parser, and
// libseccomp in C. node scripts/bench.mjs [servers|engine] [--rounds N] [--no-build]. VS Code's JSON server is installed at the first
// run; after that no network is needed.
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { filters } from './bench/filters.mjs';
import { startLibseccomp } from './bench/libseccomp.mjs';
import { compareServers } from './bench/servers/index.mjs';
import { sizes } from './bench/sizes.mjs';
import { table } from './bench/table.mjs';
import { readings } from './bench/texts.mjs';
import { loadModule, root } from './lib/load.mjs';

const USAGE = 'Usage: node scripts/bench.mjs [servers|engine] [--rounds N] [--no-build]';

function options() {
  const { values, positionals } = parseArgs({
    options: { rounds: { type: 'string' }, 'no-build': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  const [part = 'all', ...rest] = positionals;
  const wrong = rest.length > 0 || !['all', 'servers', 'engine'].includes(part);
  if (wrong || (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))) {
    console.error(USAGE);
    process.exit(2);
  }
  return { part, rounds, build: !values['no-build'] };
}

/** What users get is measured: minified, packaged. */
function build() {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/package.mjs'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The package cannot be made: ${stderr}`);
}

async function serverPart(product, rounds = 2) {
  const progress = (what) => process.stderr.write(`… ${what}\n`);
  const { table: compared, inProcess, notes } = await compareServers(product, rounds, progress);
  console.log(
    `## Servers\n\nMiddle of ${rounds} round${rounds === 1 ? '' : 's'} of fresh processes that take turns; in brackets the 95th percentile.\n`,
  );
  console.log(`${compared}\n\n${inProcess}\n\n${sizes()}`);
  for (const note of notes) console.log(`\n${note}`);
}

async function enginePart(product, rounds = 15) {
  const c = await startLibseccomp();
  const parts = [await filters(product, c, rounds), await readings(product, rounds)];
  c.close?.();
  console.log(
    `\n## Engine\n\nMedians of ${rounds} interleaved rounds, warm, of processor time; libseccomp ${c.version ?? 'absent'}.\n`,
  );
  const head = ['what', 'ours', 'time or rate', 'beside', 'time or rate', 'ours takes'];
  console.log(
    table(
      head,
      parts.flatMap(({ rows }) => rows),
    ),
  );
  for (const note of parts.flatMap(({ notes }) => notes)) console.log(`\n${note}`);
}

process.chdir(root);
const { part, rounds, build: wanted } = options();
if (wanted && part !== 'engine') build();
const product = await loadModule('scripts/bench/product.ts');
const load = `load ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} processors`;
console.log(`# Benchmark\n\n${os.cpus()[0]?.model}, Node ${process.version}, ${load}.\n`);
if (part !== 'engine') await serverPart(product, rounds);
if (part !== 'servers') await enginePart(product, rounds);
