import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWorkspaceSettings } from '../../host/settings.mjs';

export const file = 'tutorial.json';
export const restricted = true;
export const title = 'in Restricted Mode profiles are checked, and nothing that the workspace names is run';

/** Long enough for a program to start that should not. */
const GRACE_MS = 3000;

/** A profile that has test cases, and these. */
const TESTED = 'deny-list.json';
const TESTS = 'deny-list.test.json';

/** Every command that would run something, by its title in the palette, with what it says instead. */
export const REFUSED = {
  'Seccomp: Test in Container': 'only in trusted workspaces',
  'Seccomp: Repair So That a Command Passes…': 'only in trusted workspaces',
  'Seccomp: Tighten…': 'only in trusted workspaces',
  'Seccomp: Record a Command in a Container…': 'only in trusted workspaces',
  'Seccomp: Read Target from the Running Engine': 'This workspace is not trusted',
  'Seccomp: Open Manual Page of Syscall': 'Programs such as `man`',
  'Seccomp: Compare with Version in Git HEAD': 'Programs such as `git`',
};

/** A container engine that only leaves a mark, and settings of the workspace that name it. */
export function prepare(folder) {
  const mark = path.join(folder, 'mark');
  const program = path.join(folder, 'engine');
  fs.writeFileSync(program, `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
  writeWorkspaceSettings(folder, { 'seccomp.container.program': program, 'seccomp.container.engine': 'docker' });
}

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await ui.languageIs(/seccomp/i);
  await ui.squiggle(file, 'error');
  await ui.fixAll(file);
  await ui.testInDocker(file);
  await ui.sees(/only in trusted workspaces/i);
  await ui.shot('untrusted');
  await dismiss(ui);
  for (const [command, refusal] of Object.entries(REFUSED)) {
    await ui.click(file);
    await ui.commandSays(command, refusal);
    await dismiss(ui);
  }
  await runTests(ui);
  await sleep(GRACE_MS);
  assert.ok(!fs.existsSync(path.join(ui.folder, 'mark')), 'the program that the workspace names was run');
}

/** By their profile's lens; beside the cases there is nothing to click, nor to choose in the palette. */
async function runTests(ui) {
  await ui.open(TESTED);
  await ui.clickLens(TESTED, 'Run Tests');
  await ui.notification('only in trusted workspaces');
  await dismiss(ui);
  await ui.open(TESTS);
  await ui.languageIs('Seccomp Profile Tests');
  assert.equal(await ui.editor(TESTS).locator('[class*="testing-run"]').count(), 0);
}

async function dismiss(ui) {
  await ui.page.keyboard.press('Escape');
  await ui.page.locator('.notification-toast').first().waitFor({ state: 'hidden' });
}
