import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { downloadAndUnzipVSCode, resolveCliPathFromVSCodeExecutablePath } from '@vscode/test-electron';

const run = promisify(execFile);
const web = fileURLToPath(new URL('vscode-web.mjs', import.meta.url));

/**
 * @typedef {object} Editor
 * @property {string} name for people
 * @property {string} executable for `runTests`
 * @property {string} cli takes `--install-extension`
 */

/**
 * A desktop VS Code if there can be one - the one that `VSCODE_BIN` names, else a downloaded one - and otherwise VS
 * Code's web server with a headless browser.
 *
 * @param {(line: string) => void} log
 * @returns {Promise<Editor>}
 */
export async function chooseEditor(log) {
  const named = process.env.VSCODE_BIN;
  if (named) return desktop(named, 'named by VSCODE_BIN');
  if (!hasDisplay()) return webEditor(log, 'there is no display for a desktop VS Code');
  try {
    return desktop(await downloadAndUnzipVSCode(process.env.VSCODE_VERSION || 'stable'), 'downloaded');
  } catch (error) {
    return webEditor(log, `a desktop VS Code could not be downloaded (${error.message})`);
  }
}

const hasDisplay = () => process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

function webEditor(log, reason) {
  log(`Using VS Code's web server in a headless browser: ${reason}.`);
  return { name: "VS Code's web server and a headless browser", executable: web, cli: web };
}

/** `code` on the PATH is a script that starts the editor and returns at once; tests have to wait for the editor. */
function desktop(file, origin) {
  if (!fs.existsSync(file)) throw new Error(`VSCODE_BIN names ${file}, which does not exist.`);
  const real = fs.realpathSync(file);
  const isScript = path.basename(path.dirname(real)) === 'bin' && process.platform === 'linux';
  const executable = isScript ? path.join(real, '../..', path.basename(real)) : real;
  return {
    name: `desktop VS Code, ${origin} (${executable})`,
    executable,
    cli: isScript ? real : resolveCliPathFromVSCodeExecutablePath(executable),
  };
}

/**
 * Installs a packaged extension as a user does.
 *
 * @param {Editor} editor
 * @param {string} vsix
 * @param {{ userData: string, extensions: string }} folders
 */
export async function installInto(editor, vsix, { userData, extensions }) {
  const profile = [`--user-data-dir=${userData}`, `--extensions-dir=${extensions}`];
  try {
    await run(editor.cli, ['--install-extension', vsix, '--force', ...profile], {
      shell: process.platform === 'win32',
    });
  } catch (error) {
    throw new Error(`Installing ${vsix} failed:\n${error.stdout}${error.stderr}`);
  }
}
