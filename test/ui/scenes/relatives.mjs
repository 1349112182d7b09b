import assert from 'node:assert/strict';

export const file = 'tutorial.json';
export const title = 'a denied syscall names its relatives that are still allowed, and a quick fix denies them too';

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await ui.squiggle(file, 'warning');
  const text = await ui.hover(file, '"mkdir"', 'mkdirat');
  assert.match(text, /io_uring/);
  await ui.shot('relatives');
  await ui.leave();
  await ui.putCaret(file, '"mkdir"', 2);
  await ui.lightBulb(file);
  const fix = await ui.quickFix(/mkdirat/);
  await ui.shot('quick-fix');
  await fix.apply();
  await ui.saved(file, (saved) => saved.includes('"mkdirat"'));
}
