import { openDefault, PROFILE, repairUntilStart, without, writeDefault } from '../docker-default.mjs';

export const needsEngine = true;
export const title = '"Repair" finds what is missing, shows it as a diff with the risk of each syscall, and applies it';

const MISSING = ['capset', 'fstatfs', 'setgid'];

export const prepare = (folder) => writeDefault(folder, without(MISSING));

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await openDefault(ui);
  await repairUntilStart(ui, 'setgid', 'set group identity');
  await ui.shot('repair-diff');
  await ui.page.locator('.editor-actions .action-label[aria-label^="Apply to the Profile"]').first().click();
  await ui.page.locator('.monaco-diff-editor').first().waitFor({ state: 'hidden' });
  await ui.saved(PROFILE, (saved) => MISSING.every((name) => saved.includes(`"${name}"`)));
}
