import { spawn } from 'node:child_process';
import { folderArguments } from './server.mjs';

/**
 * VS Code's command line for extensions (`--install-extension`, `--list-extensions`, ...), by the web server's own.
 *
 * @param {import('./install.mjs').Installation} installation
 * @param {{ userData: string, extensions: string }} folders
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
export function extensionCommand(installation, folders, args) {
  const { node, serverMain } = installation;
  const child = spawn(node, [serverMain, ...args, ...folderArguments(folders)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * @param {import('./install.mjs').Installation} installation
 * @param {{ userData: string, extensions: string }} folders
 * @param {string} vsix
 * @throws with the editor's own words when it does not install
 */
export async function installExtension(installation, folders, vsix) {
  const { code, output } = await extensionCommand(installation, folders, ['--install-extension', vsix, '--force']);
  if (code !== 0) throw new Error(`Installing ${vsix} failed:\n${output}`);
}
