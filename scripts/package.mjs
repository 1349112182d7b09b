// Builds for production and leaves dist/NAME-VERSION.vsix, complete and without node_modules: npm run package
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './lib/load.mjs';

const { name, version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const vsix = path.join('dist', `${name}-${version}.vsix`);

function run(script, ...args) {
  const { status, error } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

run('scripts/build.mjs', '--production');
run(
  'node_modules/@vscode/vsce/vsce',
  'package',
  // all that is needed is in the bundles
  '--no-dependencies',
  // the links in README are for readers of the repository
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  ...['--out', vsix],
);
const kilobytes = fs.statSync(path.join(root, vsix)).size / 1000;
console.log(`${vsix}: ${kilobytes.toFixed(0)} kB`);
