// Throws texts at the server for as long as wanted: npm run test:fuzz -- [--minutes N] [--seed S] [--part NAME] [--case N]
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { loadModule, root } from './lib/load.mjs';

process.chdir(root);
const { PARTS } = await loadModule('test/fuzz/cases.ts');
const { describeFailure, watched } = await loadModule('test/fuzz/watch.ts');
const text = { type: 'string' };
const { values } = parseArgs({ options: { minutes: text, seed: text, part: text, case: text, scale: text } });
const number = (value, otherwise) => (value === undefined ? otherwise : Number(value));
const minutes = number(values.minutes, 5);
const seed = number(values.seed, Date.now() % 1_000_000_000);
const only = number(values.case, undefined);
const parts = values.part ? [values.part] : PARTS;
const unknown = parts.find((part) => !PARTS.includes(part));
if (unknown || ![minutes, seed, only ?? 0].every(Number.isFinite)) {
  console.error(`Usage: npm run test:fuzz -- [--minutes N] [--seed S] [--part ${PARTS.join('|')}] [--case N]`);
  process.exit(2);
}

const { status } = spawnSync(process.execPath, ['scripts/build.mjs', '--tests'], { stdio: 'inherit' });
if (status !== 0) process.exit(1);
const worker = pathToFileURL(path.join(root, 'out/test/fuzz/run.mjs'));
const endless = parts.filter((part) => ['test-files', 'edits', 'fixes', 'incremental'].includes(part));
console.log(`seed ${seed}, ${minutes} min`);
let failed = 0;
let left = minutes * 60_000;
for (const part of parts) {
  const from = performance.now();
  // the parts that end get all the time that they need, the others share the rest
  const milliseconds = endless.includes(part)
    ? left / (endless.length - endless.indexOf(part))
    : Number.MAX_SAFE_INTEGER;
  const scale = number(values.scale, 1);
  const report = await watched(worker, {
    part,
    seed,
    cases: 1e12,
    milliseconds,
    scale,
    ...(only !== undefined && { only }),
  });
  left = Math.max(0, left - (performance.now() - from));
  console.log(
    `${part}: ${report.cases} cases, ${report.requests} requests, ${report.fixes} fixes, ${report.failures.length} failures`,
  );
  for (const failure of report.failures) console.log(`\n${describeFailure(failure)}\n`);
  failed += report.failures.length;
}
process.exitCode = failed > 0 ? 1 : 0;
