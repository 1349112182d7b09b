// Judges a folder of real profiles: `node scripts/corpus.mjs FOLDER [--list CODE]`. Prints findings by check, crashes, and, where the
// folder has a MANIFEST.tsv with a column that tells how each profile fared on an engine, how well a start failure is predicted.
import fs from 'node:fs';
import path from 'node:path';
import { loadModule } from './lib/load.mjs';

const [folder, ...options] = process.argv.slice(2);
if (!folder || !fs.existsSync(folder)) {
  console.error('Usage: node scripts/corpus.mjs FOLDER [--list CODE [--most N]]');
  process.exit(2);
}
const option = (name) => (options.includes(name) ? options[options.indexOf(name) + 1] : undefined);

const { analyse } = await loadModule('server/src/checks/analyse.ts');
const { parseProfile } = await loadModule('server/src/profile/build.ts');
const { defaultTarget } = await loadModule('server/src/settings.ts');
const { isSeccompProfile } = await loadModule('server/src/recognise.ts');

/** Rows of a MANIFEST.tsv as objects; empty without one. */
function manifest() {
  const file = path.join(folder, 'MANIFEST.tsv');
  if (!fs.existsSync(file)) return [];
  const [head, ...rows] = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
  const names = head.split('\t');
  return rows.map((row) => Object.fromEntries(row.split('\t').map((cell, i) => [names[i], cell])));
}

function jsonFiles(directory) {
  return fs
    .readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name !== 'MANIFEST.tsv')
    .map((entry) => path.join(entry.parentPath, entry.name));
}

const rows = manifest();
const rowOf = new Map(rows.map((row) => [path.join(folder, row.file), row]));
const profiles = jsonFiles(folder).filter(
  (file) => /profile/.test(rowOf.get(file)?.kind ?? (rows.length ? '' : 'profile')) && file.endsWith('.json'),
);
const crashes = [];
const byCode = new Map();
const outcomes = { tp: 0, fp: 0, fn: 0, tn: 0, wrong: [] };
const listed = [];
let slowest = { ms: 0, file: '' };

for (const file of profiles) {
  const text = fs.readFileSync(file, 'utf8');
  const started = performance.now();
  const { findings } = analyse(parseProfile(text), {
    target: defaultTarget(),
    onError: (check, error) => crashes.push(`${file}: ${check.code}: ${error.stack}`),
  });
  const ms = performance.now() - started;
  if (ms > slowest.ms) slowest = { ms, file };
  for (const finding of findings) {
    const key = `${finding.severity.padEnd(11)} ${finding.check.code}`;
    const entry = byCode.get(key) ?? { findings: 0, files: new Set() };
    entry.findings++;
    entry.files.add(file);
    byCode.set(key, entry);
    if (finding.check.code === option('--list')) {
      const line = text.slice(0, finding.span.start).split('\n').length;
      listed.push(`${path.basename(file)}:${line} ${finding.severity}: ${finding.message}`);
    }
  }
  score(rowOf.get(file), findings);
}

/** Predicted: an error says that no container starts. Recorded: the engine's outcome in the manifest. */
function score(row, findings) {
  const column = Object.keys(row ?? {}).find((name) => /^docker28/.test(name));
  const recorded = column && row[column];
  // whether an agent listens is a matter of the host, not of the profile
  if (!recorded || /failed to connect with seccomp agent/.test(recorded)) return;
  const fails = /^"?(init fails|HANG|reject)|Error response from daemon|readdirent/.test(recorded);
  const predicted = findings.some((finding) => finding.severity === 'error' && finding.check.code !== 'seccomp-off');
  const cell = predicted ? (fails ? 'tp' : 'fp') : fails ? 'fn' : 'tn';
  outcomes[cell]++;
  if (cell === 'fp' || cell === 'fn')
    outcomes.wrong.push(
      `${cell} ${path.basename(row.file)}: ${recorded.slice(0, 90)} | ${findings.filter((f) => f.severity === 'error').map((f) => f.check.code)}`,
    );
}

console.log(
  `${profiles.length} profiles, ${crashes.length} crashes, slowest ${slowest.ms.toFixed(1)} ms (${path.basename(slowest.file)})`,
);
for (const crash of crashes) console.log(crash);
console.log('\nfindings files severity    check');
for (const [key, { findings, files }] of [...byCode].sort())
  console.log(`${String(findings).padStart(8)} ${String(files.size).padStart(5)} ${key}`);

const { tp, fp, fn, tn, wrong } = outcomes;
if (tp + fp + fn + tn > 0) {
  console.log(
    `\nstart failure: ${tp} hit, ${fp} false alarm, ${fn} missed, ${tn} rightly silent; precision ${(tp / (tp + fp)).toFixed(3)}, recall ${(tp / (tp + fn)).toFixed(3)}`,
  );
  for (const line of wrong) console.log(`  ${line}`);
}

if (rows.length > 0) {
  const said = (row) => isSeccompProfile(fs.readFileSync(path.join(folder, row.file), 'utf8'));
  const isProfile = (row) => /^(profile|snippet-json|issue-profile)/.test(row.kind);
  const candidates = rows.filter((row) => row.file.endsWith('.json') && fs.existsSync(path.join(folder, row.file)));
  const hit = candidates.filter((row) => isProfile(row) && said(row)).length;
  const missed = candidates.filter((row) => isProfile(row) && !said(row));
  const wrongly = candidates.filter((row) => !isProfile(row) && said(row));
  console.log(
    `\nrecognition: ${hit} of ${hit + missed.length} profiles, ${wrongly.length} of ${candidates.length - hit - missed.length} others taken for one`,
  );
  for (const row of [...missed, ...wrongly]) console.log(`  ${row.kind} ${row.file}`);
}
if (listed.length > 0) console.log(`\n${listed.slice(0, Number(option('--most') ?? 40)).join('\n')}`);
