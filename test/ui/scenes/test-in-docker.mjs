export const file = 'tutorial.json';
export const needsEngine = true;
export const title = '"Test in Docker" says that the container started, what was tried and what was denied';

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await ui.squiggle(file, 'error');
  await ui.fixAll(file);
  await ui.clickLens(file, 'Test in Docker');
  await ui.sees(/started/i);
  await ui.sees(/mkdir/);
  await ui.shot('test-in-docker');
}
