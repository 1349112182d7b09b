import { openDefault, runAsking, writeDefault } from '../docker-default.mjs';
import { addBusybox } from '../engine.mjs';

export const needsEngine = true;
export const title = 'a command is recorded in a container, and a profile is made of what it did';

const IMAGE = 'sp-ui:busybox';

export const prepare = (folder) => writeDefault(folder);

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await addBusybox(ui.engineEnv, IMAGE);
  await openDefault(ui);
  const input = await runAsking(ui, 'Seccomp: Record a Command in a Container…');
  await answer(ui, input, /\(1\/2\)/, IMAGE);
  await answer(ui, input, /\(2\/2\)/, '/bin/busybox mkdir /made');
  await ui.page
    .locator('.quick-input-list .monaco-list-row')
    .getByText(/^New profile$/)
    .click();
  await ui.notification("/bin/busybox mkdir /made, traced by this machine's strace");
  await ui.sees('"mkdir"');
  await ui.shot('record-command');
}

async function answer(ui, input, title, text) {
  await ui.page.locator('.quick-input-title', { hasText: title }).waitFor();
  await input.fill(text);
  await ui.page.keyboard.press('Enter');
}
