export const file = 'deny-list.json';
export const needsEngine = true;
export const title =
  'What the engine does otherwise than written is shown on the rule, with the reason, until the next edit';

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await ui.testInDocker(file);
  await ui.sees(/Verified in Docker .* as written/);
  await ui.squiggle(file, 'warning');
  await ui.putCaret(file, 'open_tree_attr');
  await ui.problems(/open_tree_attr reaches the kernel.*does not know/s);
  await ui.shot('verify-difference');
}
