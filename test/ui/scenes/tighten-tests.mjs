import fs from 'node:fs';
import path from 'node:path';
import { openDefault, PROFILE, runAsking, writeDefault } from '../docker-default.mjs';
import { addBusybox } from '../engine.mjs';

export const needsEngine = true;
export const title = '"Tighten" drops from a profile what its test cases do not need';

const IMAGE = 'sp-ui:busybox';
const TESTS = 'docker-default.test.json';

export function prepare(folder) {
  const run = (...command) => ({ name: command.join(' '), image: IMAGE, command: ['/bin/busybox', ...command] });
  const cases = [run('mkdir', '/made'), run('chmod', '700', '/bin')];
  const text = JSON.stringify({ cases: cases.map((each) => ({ ...each, expect: { exit: 0 } })) }, null, 2);
  fs.writeFileSync(path.join(folder, TESTS), text);
  writeDefault(folder);
}

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await addBusybox(ui.engineEnv, IMAGE);
  await openDefault(ui);
  await runAsking(ui, 'Seccomp: Tighten…');
  const choice = ui.page.locator('.quick-input-list .monaco-list-row', { hasText: `The test cases in ${TESTS}` });
  await choice.first().waitFor();
  await ui.shot('tighten-goal');
  await choice.first().click();
  await ui.notification(/can be dropped, and it passes still/);
  await ui.sees('Needed to pass');
  await ui.shot('tighten-tests');
  await ui.page.locator('.editor-actions .action-label[aria-label^="Apply to the Profile"]').first().click();
  await ui.page.locator('.monaco-diff-editor').first().waitFor({ state: 'hidden' });
  await ui.saved(PROFILE, (saved) => saved.includes('"mkdir"') && !saved.includes('"accept4"'));
}
