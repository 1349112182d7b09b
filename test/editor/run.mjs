// Runs test/editor/suite in a real VS Code with the packaged extension installed: node test/editor/run.mjs [--grep TEXT]
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { chooseEditor, installInto } from '../host/editors.mjs';
import { removeFolder, temporaryFolder } from '../host/folders.mjs';
import { packagedExtension, projectRoot } from '../host/package.mjs';
import { writeSettings } from '../host/settings.mjs';

const driver = fileURLToPath(new URL('driver', import.meta.url));
const suite = path.join(projectRoot, 'out/test/editor/suite/index.cjs');

let editorRuns = false;

/** runTests closes the editor itself, on Ctrl-C; what is left to do is to end, and to take other signals for that. */
function obeySignals() {
  process.on('SIGINT', () => editorRuns || process.exit(130));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => process.emit('SIGINT'));
}

async function main() {
  const { values } = parseArgs({ options: { grep: { type: 'string' } } });
  if (!fs.existsSync(suite)) throw new Error(`${suite} does not exist. Make it by "node scripts/build.mjs --tests".`);
  const vsix = packagedExtension();
  const editor = await chooseEditor(console.log);
  console.log(`Testing ${path.basename(vsix)} in ${editor.name}`);
  const scratch = temporaryFolder();
  process.on('exit', () => removeFolder(scratch));
  await runSuite(editor, vsix, scratch, values.grep);
}

async function runSuite(editor, vsix, scratch, grep) {
  const folders = { userData: path.join(scratch, 'user-data'), extensions: path.join(scratch, 'extensions') };
  writeSettings(folders.userData, { 'files.autoSave': 'off', 'extensions.autoUpdate': false });
  await installInto(editor, vsix, folders);
  editorRuns = true;
  await runTests({
    vscodeExecutablePath: editor.executable,
    extensionDevelopmentPath: driver,
    extensionTestsPath: suite,
    // what the editor leaves in its temporary folder goes with ours
    extensionTestsEnv: { SECCOMP_TEST_GREP: grep, TMPDIR: scratch },
    launchArgs: [
      makeWorkspace(path.join(scratch, 'workspace')),
      `--user-data-dir=${folders.userData}`,
      `--extensions-dir=${folders.extensions}`,
    ],
  });
}

/** Tests edit and save, so they get copies; but none of test cases, for which alone the server would start. */
function makeWorkspace(folder) {
  fs.mkdirSync(folder, { recursive: true });
  for (const source of ['examples', 'test/fixtures']) {
    const from = path.join(projectRoot, source);
    const filter = (file) => !file.endsWith('.test.json');
    if (fs.existsSync(from)) fs.cpSync(from, path.join(folder, path.basename(source)), { recursive: true, filter });
  }
  return folder;
}

obeySignals();
try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
