#!/usr/bin/env node
// Takes the place of a desktop VS Code's executable: the same command line, run by VS Code's web server and a headless
// browser. For @vscode/test-electron's vscodeExecutablePath.
import path from 'node:path';
import { parseArguments } from './arguments.mjs';
import { extensionCommand } from './extensions.mjs';
import { removeFolder, temporaryFolder } from './folders.mjs';
import { installServer } from './install.mjs';
import { runTestsInBrowser } from './test-run.mjs';

async function main() {
  const invocation = parseArguments(process.argv.slice(2));
  const scratch = invocation.userData ? undefined : temporaryFolder();
  const userData = invocation.userData ?? scratch;
  const folders = { userData, extensions: invocation.extensions ?? path.join(userData, 'extensions') };
  try {
    return await perform(invocation, folders);
  } finally {
    if (scratch) removeFolder(scratch);
  }
}

async function perform(invocation, folders) {
  if (invocation.extensionCommands.length > 0) {
    const { code, output } = await extensionCommand(await installServer(), folders, invocation.extensionCommands);
    process.stdout.write(output);
    return code;
  }
  if (!invocation.testsPath) throw new Error('Nothing to do: neither --extensionTestsPath nor a command is given.');
  const { code, reason } = await runTestsInBrowser(invocation, folders);
  if (reason) console.error(`vscode-web: ${reason}`);
  return code;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`vscode-web: ${error.message}`);
  process.exitCode = 1;
}
// a page that would not close must not keep us
process.stdout.write('', () => process.exit());
