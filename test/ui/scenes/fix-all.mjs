import assert from 'node:assert/strict';

export const file = 'tutorial.json';
export const title = 'one "fix all" leaves a file that an engine reads';

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await ui.squiggle(file, 'error');
  await ui.fixAll(file);
  await ui.shot('fix-all');
  const profile = JSON.parse(await ui.saved(file, isJson));
  assert.equal(profile.syscalls.length, 3);
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
