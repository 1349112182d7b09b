import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeFolder, temporaryFolder } from './folders.mjs';
import { addDefaultSettings } from './settings.mjs';

const guard = fileURLToPath(new URL('guard.cjs', import.meta.url));
const START_LIMIT_MS = 120_000;

/**
 * @typedef {object} ServerOptions
 * @property {import('./install.mjs').Installation} installation
 * @property {string} userData folder of settings and state, as desktop VS Code's `--user-data-dir`
 * @property {string} extensions folder of installed extensions
 * @property {boolean} [trustAll] no workspace trust: every folder is trusted
 * @property {boolean} [testDriver] lets a page name extension tests to run. It also suppresses notifications.
 * @property {readonly string[]} [args] further arguments of the server
 * @property {number} [port] 0 (the default) takes a free one
 * @property {NodeJS.ProcessEnv} [env] environment of the server and its extension host
 */

/**
 * @typedef {object} Server
 * @property {number} port
 * @property {string} runFolder private, removed when the server stops
 * @property {(query?: Record<string, string>) => string} url address of a window, with the token
 * @property {Promise<Error>} ended resolves if the server ends by itself
 * @property {(graceMs?: number) => Promise<void>} stop ends the server and every process it started, at once or after
 *   giving it that many milliseconds to end by itself
 */

/**
 * Starts VS Code's web server on the loopback interface. Only who knows its random token gets in.
 *
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 * @throws when it does not listen within two minutes
 */
export async function startServer(options) {
  addDefaultSettings(options.userData);
  const token = randomUUID();
  const runFolder = temporaryFolder();
  // in a file, because a command line is public
  const tokenFile = path.join(runFolder, 'token');
  fs.writeFileSync(tokenFile, token, { mode: 0o600 });

  const child = spawn(options.installation.node, serverArguments(options, tokenFile), {
    detached: true, // a process group of its own, to be ended as one
    stdio: ['pipe', 'pipe', 'pipe'],
    env: serverEnvironment(options, runFolder),
  });
  const exited = new Promise((resolve) => {
    child.on('error', resolve).on('exit', resolve);
  });
  const stop = async (graceMs = 0) => {
    if (graceMs) {
      child.kill('SIGTERM');
      await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, graceMs))]);
    }
    endGroup(child);
    await exited;
    removeFolder(runFolder);
  };
  const output = collectOutput(child);
  const ended = exited.then(() => new Error(`VS Code's server ended by itself:\n${output.text().slice(-4000)}`));
  try {
    const port = await listening(output, ended);
    return { port, runFolder, ended, stop, url: (query = {}) => address(port, { tkn: token, ...query }) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serverArguments({ installation, userData, extensions, trustAll, testDriver, port, args = [] }, tokenFile) {
  return [
    ...['--require', guard, installation.serverMain],
    ...['--host=127.0.0.1', `--port=${port ?? 0}`, `--connection-token-file=${tokenFile}`],
    ...folderArguments({ userData, extensions }),
    ...['--telemetry-level=off', '--disable-update-check', '--disable-getting-started-override'],
    '--reconnection-grace-time=5',
    ...(trustAll ? ['--disable-workspace-trust'] : []),
    ...(testDriver ? ['--enable-smoke-test-driver'] : []),
    ...args,
  ];
}

/**
 * @param {{ userData: string, extensions: string }} folders
 * @returns {string[]} arguments that both the server and its command line take
 */
export function folderArguments({ userData, extensions }) {
  return [
    '--accept-server-license-terms',
    `--server-data-dir=${userData}`,
    `--user-data-dir=${userData}`,
    `--extensions-dir=${extensions}`,
  ];
}

function serverEnvironment({ userData, env = process.env }, runFolder) {
  // variables of a VS Code in whose terminal this may run
  const own = Object.entries(env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name));
  return {
    ...Object.fromEntries(own),
    VSCODE_AGENT_FOLDER: userData,
    // no marketplace: the editor asks no address but ours
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: '', itemUrl: '', resourceUrlTemplate: '' }),
    XDG_RUNTIME_DIR: runFolder, // else a killed server leaves its sockets in the temporary folder
    SECCOMP_EDITOR_RUN: runFolder,
  };
}

function collectOutput(child) {
  let text = '';
  const listeners = new Set();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      text = (text + chunk).slice(-100_000);
      if (process.env.SECCOMP_EDITOR_DEBUG) process.stderr.write(chunk);
      for (const listener of listeners) listener(text);
    });
  return { text: () => text, listeners };
}

async function listening(output, ended) {
  let timer;
  const port = new Promise((resolve, reject) => {
    output.listeners.add((text) => {
      const match = /agent listening on (\d+)/.exec(text);
      if (match) resolve(Number(match[1]));
    });
    timer = setTimeout(() => reject(new Error(`VS Code's server did not start:\n${output.text()}`)), START_LIMIT_MS);
  });
  try {
    return await Promise.race([port, ended.then((error) => Promise.reject(error))]);
  } finally {
    clearTimeout(timer);
    output.listeners.clear();
  }
}

function endGroup(child) {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // the group has ended already
  }
}

const address = (port, query) => `http://127.0.0.1:${port}/?${new URLSearchParams(query)}`;

/**
 * The address by which a page of the server names a file on this machine.
 *
 * @param {Server} server
 * @param {string} file
 */
export function remoteUri(server, file) {
  return `vscode-remote://127.0.0.1:${server.port}${encodeURI(path.resolve(file))}`;
}
