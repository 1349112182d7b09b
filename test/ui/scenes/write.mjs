import assert from 'node:assert/strict';

export const file = 'tutorial.json';
export const title = 'writing a rule: hover explains a syscall, completion offers its relatives first';

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await ui.languageIs(/seccomp/i);
  const text = await ui.hover(file, '"chmod"', /permissions|mode/i);
  assert.match(text, /chmod/);
  await ui.shot('hover');
  await ui.leave();
  await ui.putCaret(file, '"mkdir"', 6);
  const labels = await ui.complete('mkdirat');
  assert.ok(labels.some((label) => label.startsWith('mkdirat')));
  await ui.shot('completion');
}
