import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const run = promisify(execFile);
const DEBIAN_PACKAGES = ['chromium-headless-shell', 'fonts-dejavu-core'];
const NAMES = ['chromium', 'chromium-headless-shell', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ARGUMENTS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  // the page reaches this machine and nothing else
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/**
 * Starts a headless Chromium, the one named by `CHROMIUM`, else one on the PATH, else Debian's after installing it.
 *
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launchBrowser({ log = console.error } = {}) {
  const executablePath = findChromium() ?? (await installChromium(log));
  return chromium.launch({
    executablePath,
    args: ARGUMENTS,
    timeout: 120_000,
    // whoever starts a browser closes it, in its own order
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

/** @returns {string | undefined} */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named && !fs.existsSync(named)) throw new Error(`CHROMIUM names ${named}, which does not exist.`);
  return named || NAMES.flatMap(onPath)[0];
}

/**
 * @param {string} program
 * @returns {string[]} every place on the PATH that has it
 */
export function onPath(program) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, program)).filter(isExecutable);
}

function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

async function installChromium(log) {
  const advice = `Chromium is needed and was not found. Install it (Debian: apt-get install ${DEBIAN_PACKAGES.join(' ')}), or name one in the environment variable CHROMIUM.`;
  if (process.getuid?.() !== 0 || onPath('apt-get').length === 0) throw new Error(advice);
  log(`Installing ${DEBIAN_PACKAGES.join(' and ')} by apt-get ...`);
  try {
    // when it fails, another run may be updating, or the lists may do as they are
    await aptGet('update').catch((error) => log(`apt-get update failed: ${error.stderr || error.message}`));
    await aptGet('install', '--yes', '--no-install-recommends', ...DEBIAN_PACKAGES);
  } catch (error) {
    throw new Error(`${advice}\napt-get failed: ${error.stderr || error.message}`);
  }
  const installed = findChromium();
  if (!installed) throw new Error(advice);
  return installed;
}

/** Waits for another run's apt-get rather than failing. */
function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], { env, maxBuffer: 1 << 26 });
}
