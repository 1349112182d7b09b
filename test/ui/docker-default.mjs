import fs from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../host/package.mjs';

export const PROFILE = 'docker-default.json';

/**
 * Writes the profile that Docker applies by itself into a folder.
 *
 * @param {string} folder
 * @param {(text: string) => string} [edit]
 */
export function writeDefault(folder, edit = (text) => text) {
  const { profile } = JSON.parse(fs.readFileSync(path.join(projectRoot, 'server/data/profiles/docker.json'), 'utf8'));
  fs.writeFileSync(path.join(folder, PROFILE), edit(`${JSON.stringify(profile, null, 2)}\n`));
}

/**
 * An edit that takes syscalls out of the default's long list, none of which is its last.
 *
 * @param {string[]} names
 */
export const without = (names) => (text) =>
  names.reduce((left, name) => left.replace(`        "${name}",\n`, ''), text);

/** @param {import('./driver.mjs').Driver} ui */
export async function openDefault(ui) {
  await ui.open(PROFILE);
  await ui.languageIs(/seccomp/i);
}

/**
 * Runs a command that asks something, and gives the box in which it asks.
 *
 * @param {import('./driver.mjs').Driver} ui
 * @param {string} command its full title in the palette
 */
export async function runAsking(ui, command) {
  const input = ui.page.locator('.quick-input-widget input').first();
  await ui.pressUntil('F1', input);
  await input.fill(`>${command}`);
  await ui.page.locator('.quick-input-list .monaco-list-row', { hasText: command }).first().waitFor();
  await ui.page.keyboard.press('Enter');
  return input;
}

/**
 * Asks for a repair so that a container starts, and waits until the diff that allows `name` stands with its risk.
 *
 * @param {import('./driver.mjs').Driver} ui
 * @param {string} name a syscall that is missing
 * @param {string} risk a part of what is said of it
 */
export async function repairUntilStart(ui, name, risk) {
  const input = await runAsking(ui, 'Seccomp: Repair So That a Command Passes…');
  await ui.page.locator('.quick-input-title', { hasText: 'What has to pass' }).waitFor();
  await input.fill('');
  await ui.page.keyboard.press('Enter');
  await ui.page
    .locator('.monaco-diff-editor .view-line', { hasText: `"${name}"` })
    .first()
    .waitFor();
  await ui.sees(risk);
}
