import assert from 'node:assert/strict';

export const title = 'a profile is recognised without a click, and what an engine refuses is underlined';

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await ui.open('tutorial.json');
  await ui.languageIs(/seccomp/i);
  await ui.squiggle('tutorial.json', 'error');
  await ui.shot('open');
  const problems = await ui.problems(/comma/i);
  assert.ok(problems.filter((text) => /comma/i.test(text)).length >= 2, 'both commas are reported');
  await ui.shot('problems');
}
