import { openDefault, PROFILE, runAsking } from '../docker-default.mjs';

export const needsEngine = true;
export const title = '"Repair" finds what is missing, shows it as a diff with the risk of each syscall, and applies it';

const MISSING = ['capset', 'fstatfs', 'setgid'];

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await openDefault(ui, (text) => MISSING.reduce((left, name) => left.replace(`        "${name}",\n`, ''), text));
  const input = await runAsking(ui, 'Seccomp: Repair So That a Command Passes…');
  await ui.page.locator('.quick-input-title', { hasText: 'What has to pass' }).waitFor();
  await input.fill('');
  await ui.page.keyboard.press('Enter');
  await ui.page.locator('.monaco-diff-editor .view-line', { hasText: '"setgid"' }).first().waitFor();
  await ui.sees('set group identity');
  await ui.shot('repair-diff');
  await ui.page.locator('.editor-actions .action-label[aria-label^="Apply to the Profile"]').first().click();
  await ui.page.locator('.monaco-diff-editor').first().waitFor({ state: 'hidden' });
  await ui.saved(PROFILE, (saved) => MISSING.every((name) => saved.includes(`"${name}"`)));
}
