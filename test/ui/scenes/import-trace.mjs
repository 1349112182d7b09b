import fs from 'node:fs';
import path from 'node:path';
import { openDefault, PROFILE, runAsking } from '../docker-default.mjs';

export const title = 'a trace is imported: into the open profile as a diff to confirm, and as a new profile';

const TRACE = 'execve("/bin/x", ["x"], 0x7f) = 0\nmount("a", "/b", "tmpfs", 0, NULL) = 0\nhello\nexit_group(0) = ?\n';

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  const trace = path.join(ui.folder, 'trace.txt');
  fs.writeFileSync(trace, TRACE);
  await openDefault(ui);
  await choose(ui, trace, /^Add to docker-default\.json what it denies$/);
  await ui.page.getByRole('button', { name: 'Apply', exact: true }).waitFor();
  await ui.shot('import-trace-diff');
  await ui.page.getByRole('button', { name: 'Apply', exact: true }).click();
  await ui.saved(PROFILE, (text) => text.includes('"mount"') && text.length > 1000);
  await ui.notification(/1 trace, 4 lines: 3 calls of 3 syscalls/);
  await choose(ui, trace, /^New profile with conditions on arguments$/);
  await ui.sees('Not recorded');
  await ui.page.locator('.notification-toast').getByRole('button', { name: 'Details' }).first().click();
  await ui.sees(/1 line not understood/);
  await ui.shot('import-trace');
}

/** Runs the command, names the file, and says what is to become of it. */
async function choose(ui, trace, use) {
  const input = await runAsking(ui, 'Seccomp: Import a Trace…');
  await ui.page.locator('.quick-input-title', { hasText: 'Traces of strace' }).waitFor();
  await input.fill(trace);
  await ui.page.keyboard.press('Enter');
  const row = ui.page.locator('.quick-input-list .monaco-list-row').getByText(use).first();
  await row.waitFor();
  await row.click();
}
