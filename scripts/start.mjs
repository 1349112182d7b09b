// Builds and packages the extension, installs the package into an editor, and opens that: npm start [-- options]
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { onPath } from '../test/host/browser.mjs';
import { installExtension } from '../test/host/extensions.mjs';
import { cacheFolder } from '../test/host/folders.mjs';
import { installServer } from '../test/host/install.mjs';
import { packagedExtension, projectRoot } from '../test/host/package.mjs';
import { startServer } from '../test/host/server.mjs';
import { addDefaultSettings } from '../test/host/settings.mjs';

const USUAL_PORT = 8642;
const STOP_GRACE_MS = 2000;

const HELP = `Builds the extension, installs it into an editor and opens that on examples/.

npm start [-- OPTIONS]

  --editor code      your own VS Code, by the command "code" on your PATH. The default where there is one.
  --editor web       VS Code in your browser, served on this machine only. Otherwise the default.
                     The first time it downloads about 120 MB into ${cacheFolder()}.
  --editor PATH      another editor that takes VS Code's command line (codium, code-insiders, cursor, ...)
  --port N           port for --editor web; by default ${USUAL_PORT}, or a free one if that is taken
  --folder DIR       open this folder in place of examples/
  --no-build         install the package that dist/ holds already
  --help             show this text`;

const OPTIONS = /** @type {const} */ ({
  editor: { type: 'string' },
  port: { type: 'string' },
  folder: { type: 'string', default: path.join(projectRoot, 'examples') },
  'no-build': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
});

async function main() {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  const folder = existingFolder(options.folder);
  const editor = chooseEditor(options.editor);
  if (options.port !== undefined && editor) throw new Error('--port goes with --editor web only.');
  const port = await choosePort(options.port);
  if (!options['no-build']) await run('npm', ['run', '--silent', 'package'], { cwd: projectRoot });
  const vsix = packagedExtension();
  await (editor ? openInEditor(editor, vsix, folder) : serve(vsix, folder, port));
}

function readOptions() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    const [problem] = error.message.split(/\. To specify|\n/);
    throw new Error(`${problem.replace(/\.$/, '')}. "npm start -- --help" lists the options.`);
  }
}

function existingFolder(name) {
  const folder = path.resolve(name);
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${folder} is not a folder.`);
  return folder;
}

/** @returns {string | undefined} an editor's command; `undefined` is the web editor */
function chooseEditor(wanted) {
  if (wanted === 'web') return undefined;
  const name = wanted ?? 'code';
  const found = name.includes(path.sep) ? [path.resolve(name)].filter(fs.existsSync) : onPath(commandName(name));
  if (wanted && found.length === 0) throw new Error(`There is no editor ${wanted}. "--editor web" needs none.`);
  if (!wanted && !canShowWindows()) return undefined;
  return found[0];
}

const commandName = (name) => (process.platform === 'win32' ? `${name}.cmd` : name);

/** A terminal inside VS Code has a `code` that opens files in that window, so it needs no display. */
function canShowWindows() {
  const { DISPLAY, WAYLAND_DISPLAY, VSCODE_IPC_HOOK_CLI } = process.env;
  return process.platform !== 'linux' || Boolean(DISPLAY || WAYLAND_DISPLAY || VSCODE_IPC_HOOK_CLI);
}

async function openInEditor(editor, vsix, folder) {
  await run(editor, ['--install-extension', vsix, '--force']);
  await run(editor, [folder]);
  console.log(`Opened ${folder} in ${editor}. A window that was open already may ask to be reloaded.`);
}

async function serve(vsix, folder, port) {
  const state = path.join(cacheFolder(), 'start');
  const folders = { userData: path.join(state, 'user-data'), extensions: path.join(state, 'extensions') };
  // in a browser the default, to ask once, comes to never asking
  addDefaultSettings(folders.userData, { 'security.workspace.trust.startupPrompt': 'always' });
  const installation = await installServer();
  await installExtension(installation, folders, vsix);
  const server = await startServer({ installation, ...folders, port });
  console.log(`\nOpen this address in your browser:\n\n  ${server.url({ folder })}\n\nCtrl-C stops the editor.`);
  const error = await Promise.race([server.ended, interrupted()]);
  await server.stop(STOP_GRACE_MS);
  if (error) throw error;
}

/** Resolves with nothing. */
function interrupted() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve(undefined));
  });
}

async function choosePort(wanted) {
  if (wanted === undefined) return (await isFree(USUAL_PORT)) ? USUAL_PORT : 0;
  const port = /^\d+$/.test(wanted) ? Number(wanted) : Number.NaN;
  if (!(port >= 1 && port <= 65_535)) throw new Error(`--port takes a number from 1 to 65535, not ${wanted}.`);
  if (!(await isFree(port))) throw new Error(`Port ${port} is in use or not allowed. Choose another by --port N.`);
  return port;
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** On Windows commands are scripts, which only a shell starts. */
function run(program, args, options = {}) {
  const shell = process.platform === 'win32';
  const quote = (text) => (shell ? `"${text}"` : text);
  return new Promise((resolve, reject) => {
    const child = spawn(quote(program), args.map(quote), { stdio: 'inherit', shell, ...options });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(undefined);
      else reject(new Error(`"${path.basename(program)} ${args.join(' ')}" failed; its own message is above.`));
    });
  });
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
process.exit();
