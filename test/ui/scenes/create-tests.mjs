import assert from 'node:assert/strict';
import { testRow } from '../tests-view.mjs';

export const file = 'allow-list.json';
export const needsEngine = true;
export const title = 'a lens writes test cases for a profile, completion helps with more, and the next lens runs them';

const TESTS = 'allow-list.test.json';

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await ui.clickLens(file, 'Create Tests');
  await ui.shows(TESTS);
  await ui.languageIs('Seccomp Profile Tests');
  await ui.hover(TESTS, '"denied"', 'Syscalls that the profile must deny');
  await ui.leave();
  await ui.putCaret(TESTS, '{ "exit": 0 }', 1);
  const offered = await ui.complete('stdout');
  assert.ok(
    offered.some((label) => label.includes('allowed')),
    offered.join('\n'),
  );
  await ui.shot('create-tests');
  await ui.page.keyboard.press('Escape');
  await ui.open(file);
  await ui.clickLens(file, 'Run Tests');
  await ui.runCommand('Testing: Focus on Test Explorer View');
  await testRow(ui, `${TESTS} (Passed)`).waitFor();
  await ui.shot('run-tests');
}
