import fs from 'node:fs';
import path from 'node:path';
import { openDefault, PROFILE, runAsking, writeDefault } from '../docker-default.mjs';

export const title = 'a trace is imported: into the open profile as a diff to confirm, and as a new profile';

const TRACE = 'execve("/bin/x", ["x"], 0x7f) = 0\nmount("a", "/b", "tmpfs", 0, NULL) = 0\nhello\nexit_group(0) = ?\n';

export function prepare(folder) {
  fs.writeFileSync(path.join(folder, 'trace.txt'), TRACE);
  writeDefault(folder);
}

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await openDefault(ui);
  await choose(ui, /^Add to docker-default\.json what it denies$/);
  await ui.page.locator('[class*="line-insert"]').first().waitFor();
  await ui.shot('import-trace-diff');
  await ui.page.locator('.notification-toast').getByRole('button', { name: 'Apply' }).first().click();
  await ui.shows(PROFILE);
  const added = '"writev",\n        "mount"\n';
  await ui.saved(PROFILE, (text) => text.includes(added));
  await choose(ui, /^New profile with conditions on arguments$/);
  await ui.sees('Not recorded');
  await ui.page.locator('.notification-toast').getByRole('button', { name: 'Details' }).first().click();
  await ui.sees(/1 line not understood/);
  await ui.shot('import-trace');
}

/** Runs the command, chooses the file, and says what is to become of it. */
async function choose(ui, use) {
  await runAsking(ui, 'Seccomp: Import a Trace…');
  await ui.page.locator('.quick-input-title', { hasText: 'Traces of strace' }).waitFor();
  await row(ui, 'trace.txt').click();
  await row(ui, use).click();
}

const row = (ui, text) => ui.page.locator('.quick-input-list .monaco-list-row').getByText(text).first();
