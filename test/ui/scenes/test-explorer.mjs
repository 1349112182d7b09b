import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { testLabels, testRow } from '../tests-view.mjs';

export const needsEngine = true;
export const title = 'the Test Explorer runs the cases beside a profile, and shows failures at their lines';

const PROFILE = 'deny-list.json';
const TESTS = 'deny-list.test.json';
const CASES = {
  cases: [
    { name: 'a container starts', expect: { exit: 0 } },
    { name: 'directories can be made', expect: { denied: ['mount'], allowed: ['mkdir'] } },
    { name: 'the program fails', expect: { exit: 7 } },
  ],
};

export function prepare(folder) {
  fs.writeFileSync(path.join(folder, TESTS), `${JSON.stringify(CASES, null, 2)}\n`);
}

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await ui.open(TESTS);
  await ui.languageIs('Seccomp Profile Tests');
  await ui.runCommand('Testing: Focus on Test Explorer View');
  await testRow(ui, TESTS).locator('.monaco-tl-twistie').click();
  await testRow(ui, 'a container starts').waitFor();
  await ui.runCommand('Test: Run All Tests');
  await testRow(ui, 'Failed').waitFor();
  await ui.page.getByText('mkdir is denied, but should be allowed').first().waitFor();
  await ui.page.getByText('so seccomp is not the cause').first().waitFor();
  const labels = (await testLabels(ui)).join('\n');
  for (const label of [/a container starts \(Passed/, /directories can be made \(Failed/]) assert.match(labels, label);
  await ui.shot('test-explorer');
  await changeProfile(ui);
  await ui.shot('test-explorer-stale');
}

/** Results of another profile say nothing of this one. */
async function changeProfile(ui) {
  const file = path.join(ui.folder, PROFILE);
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('["mkdir", "mkdirat"]', '["mkdirat"]'));
  await ui.page.locator('.test-explorer .monaco-list-row .computed-state.retired').first().waitFor();
}
