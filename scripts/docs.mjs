// Writes docs/diagnostics/ from the checks themselves. `--check` fails where a page is stale instead of writing it.
import fs from 'node:fs';
import path from 'node:path';
import { loadModule, root } from './lib/load.mjs';

const folder = path.join(root, 'docs', 'diagnostics');

function index(checks) {
  const rows = checks.map(
    ({ check, fix }) =>
      `| [${check.code}](${check.code}.md) | ${check.severity} | ${fix ? (fix.safe ? 'safe' : 'yes') : ''} | ${check.summary} |`,
  );
  return `# Diagnostics

Every diagnostic can be set to another severity or switched off in the settings (\`seccomp.diagnostics.severity\`), in a rule with
\`"comment": "seccomp-disable: CODE"\`, and in a whole file with the same comment at its top level.

Severity says what happens: an *error* means that the engine refuses the profile or no container starts; a *warning*, that the
profile does something else than it seems to; *information*, that it could be better; a *hint* is shown without a mark.

| code | severity | fix | what it reports |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

const { CHECKS } = await loadModule('server/src/checks/index.ts');
const { checkPage, firstFix } = await loadModule('server/src/features/check-page.ts');

const checks = CHECKS.map((check) => ({ check, fix: firstFix(check) }));
const pages = new Map([['README.md', index(checks)], ...CHECKS.map((check) => [`${check.code}.md`, checkPage(check)])]);

const existing = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
const stale = existing.filter((name) => !pages.has(name));
const changed = [...pages].filter(
  ([name, text]) => !existing.includes(name) || fs.readFileSync(path.join(folder, name), 'utf8') !== text,
);

if (process.argv.includes('--check')) {
  for (const name of [...stale, ...changed.map(([name]) => name)])
    console.error(`docs/diagnostics/${name} is stale; run npm run docs`);
  process.exitCode = stale.length + changed.length > 0 ? 1 : 0;
} else {
  fs.mkdirSync(folder, { recursive: true });
  for (const name of stale) fs.rmSync(path.join(folder, name));
  for (const [name, text] of changed) fs.writeFileSync(path.join(folder, name), text);
  console.log(`${pages.size} pages, ${changed.length} written, ${stale.length} removed`);
}
