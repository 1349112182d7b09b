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
  await ui.page.keyboard.press('Escape');
  await sleep(GRACE_MS);
  assert.ok(!fs.existsSync(path.join(ui.folder, 'mark')), 'the program that the workspace names was run');
}
