export const file = 'tutorial.json';
export const needsEngine = true;
export const title = '"Test in Docker" verifies every syscall, and says which rule denied what';

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await ui.squiggle(file, 'error');
  await ui.fixAll(file);
  await ui.testInDocker(file);
  await ui.sees(/Verified in Docker .* as written/);
  await ui.sees(/What decided/);
  await ui.sees(/mkdir/);
  await ui.shot('test-in-docker');
}
