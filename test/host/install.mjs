import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder, removeFolder } from './folders.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const manifests = path.join(here, 'vscode-web');
const standIns = path.join(here, 'stand-ins');
const run = promisify(execFile);

/**
 * @typedef {object} Installation
 * @property {string} node a Node that can run the server
 * @property {string} serverMain the server's entry
 */

/**
 * VS Code's web server, from the cache or else from npm's registry: nothing is compiled, no package's script runs.
 * An installation appears in the cache by one rename, so two runs at once do no harm and a broken one leaves nothing.
 *
 * @param {{ log?: (line: string) => void, signal?: AbortSignal }} [options]
 * @returns {Promise<Installation>}
 */
export async function installServer({ log = console.error, signal } = {}) {
  assertPlatform();
  const target = path.join(cacheFolder(), installationName());
  if (!fs.existsSync(target)) {
    log(`Downloading VS Code's web server into ${target} (about 120 MB, once) ...`);
    await build(target, signal);
  }
  return { node: nodeFor(target), serverMain: path.join(target, 'vscode/out/server-main.js') };
}

const ownNodeIsEnough = () => Number.parseInt(process.versions.node, 10) >= 24;

function assertPlatform() {
  const bundledNode = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
  if (process.platform === 'win32' || !(bundledNode || ownNodeIsEnough()))
    throw new Error(
      `VS Code's web server runs on Linux (x64, arm64), and elsewhere on Node 24 or later, but not on Windows; this is ${process.platform} ${process.arch} with Node ${process.versions.node}. Use a desktop VS Code instead.`,
    );
}

/** Node 20 lacks what the server needs, so a newer one comes from npm; one that is new enough serves itself. */
function nodeFor(target) {
  return ownNodeIsEnough() ? process.execPath : path.join(target, `node_modules/node-linux-${process.arch}/bin/node`);
}

/** Changes with whatever decides the content: versions, stand-ins and this file. */
function installationName() {
  const inputs = [fileURLToPath(import.meta.url), ...filesOf(manifests), ...filesOf(standIns)];
  const hash = createHash('sha256');
  for (const file of inputs) hash.update(fs.readFileSync(file));
  return `${serverPackage().version}-${process.arch}-${hash.digest('hex').slice(0, 12)}`;
}

const filesOf = (folder) =>
  fs
    .readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name));

const serverPackage = () => JSON.parse(fs.readFileSync(path.join(manifests, 'package.json'), 'utf8')).vscodeServer;

async function build(target, signal) {
  const root = path.dirname(target);
  fs.mkdirSync(root, { recursive: true });
  removeAbandoned(root);
  const folder = fs.mkdtempSync(path.join(root, 'new-'));
  try {
    for (const file of filesOf(manifests)) fs.copyFileSync(file, path.join(folder, path.basename(file)));
    await npm(['ci', '--ignore-scripts', '--omit=dev'], folder, signal);
    await unpackServer(folder, signal);
    addStandIns(folder);
    removeUnused(folder);
    // the page asks the server for grammars and their engine below its own folder
    fs.symlinkSync('../node_modules', path.join(folder, 'vscode/node_modules'));
    publish(folder, target);
  } finally {
    removeFolder(folder);
  }
}

/** The registry's tarball itself: installing it would bring 165 packages that VS Code's server does not use. */
async function unpackServer(folder, signal) {
  const { package: name, version, integrity, extensions } = serverPackage();
  await npm(['pack', '--ignore-scripts', `${name}@${version}`], folder, signal);
  const tarball = path.join(folder, `${name}-${version}.tgz`);
  assertIntegrity(tarball, integrity);
  const wanted = ['out', 'package.json', 'product.json', 'resources', ...extensions.map((e) => `extensions/${e}`)];
  const members = wanted.map((name) => `package/lib/vscode/${name}`);
  const vscode = path.join(folder, 'vscode');
  fs.mkdirSync(vscode);
  await run('tar', ['-xzf', tarball, '-C', vscode, '--strip-components=3', ...members], { signal });
  fs.rmSync(tarball);
}

function assertIntegrity(file, expected) {
  const actual = `sha512-${createHash('sha512').update(fs.readFileSync(file)).digest('base64')}`;
  if (actual !== expected)
    throw new Error(`${path.basename(file)} is not the pinned one: its checksum is ${actual}, not ${expected}.`);
}

/** Two native modules would have to be compiled; the server needs only their interface. */
function addStandIns(folder) {
  for (const file of filesOf(standIns)) {
    const module = path.join(folder, 'node_modules/@vscode', path.basename(file, '.cjs'));
    fs.mkdirSync(module, { recursive: true });
    fs.writeFileSync(path.join(module, 'package.json'), JSON.stringify({ version: '0.0.0', main: 'index.cjs' }));
    fs.copyFileSync(file, path.join(module, 'index.cjs'));
  }
}

/** C headers and other platforms' binaries: 90 of 270 MB. */
function removeUnused(folder) {
  removeFolder(path.join(folder, `node_modules/node-linux-${process.arch}/include`));
  const prebuilds = path.join(folder, 'node_modules/node-pty/prebuilds');
  for (const name of fs.readdirSync(prebuilds))
    if (name !== `${process.platform}-${process.arch}`) removeFolder(path.join(prebuilds, name));
}

function publish(folder, target) {
  try {
    fs.renameSync(folder, target);
  } catch (error) {
    if (!fs.existsSync(target)) throw error; // else another run was first, with the same content
  }
}

/** What a killed set-up left behind; a living one is never a day old. */
function removeAbandoned(root) {
  const dayAgo = Date.now() - 24 * 3600 * 1000;
  for (const name of fs.readdirSync(root).filter((name) => name.startsWith('new-'))) {
    const folder = path.join(root, name);
    if (fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs < dayAgo) removeFolder(folder);
  }
}

async function npm(args, cwd, signal) {
  try {
    await run('npm', [...args, '--loglevel=error', '--no-audit', '--no-fund'], {
      cwd,
      signal,
      env: outerEnvironment(),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error(
      `Setting up VS Code's web server failed in "npm ${args.join(' ')}":\n${error.stderr || error.message}`,
    );
  }
}

/** Without what "npm run" tells its script about the project: it is not the project that is installed here. */
function outerEnvironment() {
  const foreign = /^(npm_package_|npm_lifecycle_|npm_config_local_prefix$|npm_command$|npm_execpath$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
