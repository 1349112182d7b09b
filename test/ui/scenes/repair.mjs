import fs from 'node:fs';
import path from 'node:path';
import { runAsking } from '../docker-default.mjs';

export const needsEngine = true;
export const title = '"Repair" finds what is missing, shows it as a diff with the risk of each syscall, and applies it';

const FILE = 'allow-list.json';
const MISSING = ['capset', 'fstatfs', 'setgid'];

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  const file = path.join(ui.folder, FILE);
  const text = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(
    file,
    MISSING.reduce((left, name) => left.replace(`"${name}", `, ''), text),
  );
  await ui.open(FILE);
  await ui.languageIs(/seccomp/i);
  const input = await runAsking(ui, 'Seccomp: Repair So That a Command Passes…');
  await ui.page.locator('.quick-input-title', { hasText: 'What has to pass' }).waitFor();
  await input.fill('');
  await ui.page.keyboard.press('Enter');
  await ui.notification(/Allow capset, fstatfs and setgid/);
  const proposal = ui.page.locator('.monaco-diff-editor .modified .view-line', { hasText: 'needs CAP_SETGID' });
  await proposal.first().waitFor();
  await ui.sees('set group identity');
  await ui.shot('repair-diff');
  await ui.page.locator('.notification-toast .monaco-button', { hasText: 'Apply' }).first().click();
  await ui.page.locator('.monaco-diff-editor').first().waitFor({ state: 'hidden' });
  await ui.saved(FILE, (saved) => MISSING.every((name) => saved.includes(`"${name}"`)));
  await ui.shot('repair-applied');
}
