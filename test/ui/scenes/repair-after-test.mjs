import assert from 'node:assert/strict';
import { writeWorkspaceSettings } from '../../host/settings.mjs';
import { openDefault, PROFILE, without, writeDefault } from '../docker-default.mjs';
import { addBusybox } from '../engine.mjs';

export const needsEngine = true;
export const title = 'A test in which the own program fails under the profile alone leads to its repair';

const IMAGE = 'sp-ui:busybox';
const COMMAND = ['/bin/busybox', 'mkdir', '/made'];

export function prepare(folder) {
  writeWorkspaceSettings(folder, { 'seccomp.container.image': IMAGE, 'seccomp.container.command': COMMAND });
  writeDefault(folder, without(['mkdir', 'mkdirat']));
}

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await addBusybox(ui.engineEnv, IMAGE);
  await openDefault(ui);
  await ui.testInDocker(PROFILE);
  await ui.editor(PROFILE).locator('.codelens-decoration a', { hasText: 'Repair…' }).waitFor();
  await ui.sees(/Container: started/);
  await ui.shot('repair-lens');
  await ui.page.locator('.notification-toast').getByRole('button', { name: 'Repair…' }).first().click();
  const input = ui.page.locator('.quick-input-widget input').first();
  for (const expected of [IMAGE, COMMAND.join(' ')]) {
    await ui.page.waitForFunction(
      ([value]) => document.querySelector('.quick-input-widget input')?.value === value,
      [expected],
    );
    assert.equal(await input.inputValue(), expected);
    await ui.page.keyboard.press('Enter');
  }
  await ui.page.locator('.monaco-diff-editor .view-line', { hasText: '"mkdir"' }).first().waitFor();
  await ui.sees('Recorded first with');
  await ui.shot('repair-after-test');
}
