// Builds for production and leaves dist/NAME-VERSION.vsix, complete and without node_modules: npm run package
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './lib/load.mjs';

const { name, version, ...manifest } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const vsix = path.join('dist', `${name}-${version}.vsix`);

function run(cwd, script, ...args) {
  const { status, error } = spawnSync(process.execPath, [path.join(root, script), ...args], { cwd, stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}

/** Copies what is packaged, with JSON as editors need it: without blanks, and without what only developers read. */
function stage(folder) {
  const kept = (file) => !/\.(?:map|vsix)$/.test(file);
  for (const file of ['client', 'dist', 'snippets', 'syntaxes', 'README.md', 'CHANGELOG.md', 'LICENSE', NOTICES])
    fs.cpSync(path.join(root, file), path.join(folder, file), { recursive: true, filter: kept });
  for (const file of fs.readdirSync(folder, { recursive: true }).filter((each) => each.endsWith('.json')))
    squeeze(path.join(folder, file));
  const { scripts: _s, devDependencies: _d, dependencies: _b, allowScripts: _a, ...packaged } = manifest;
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version, ...packaged }));
}

function squeeze(file) {
  fs.writeFileSync(file, JSON.stringify(JSON.parse(fs.readFileSync(file, 'utf8'))));
}

const NOTICES = 'THIRD-PARTY-NOTICES.md';

function main() {
  const built = run(root, 'scripts/build.mjs', '--production');
  if (built !== 0) return built;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seccomp-profiles-'));
  try {
    stage(folder);
    return run(
      folder,
      'node_modules/@vscode/vsce/vsce',
      'package',
      // all that is needed is in the bundles
      '--no-dependencies',
      // the links in README are for readers of the repository
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
      ...['--out', path.join(root, vsix)],
    );
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = main();
if (process.exitCode === 0) {
  const kilobytes = fs.statSync(path.join(root, vsix)).size / 1000;
  console.log(`${vsix}: ${kilobytes.toFixed(0)} kB`);
}
