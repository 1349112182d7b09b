import assert from 'node:assert/strict';
import { writeWorkspaceSettings } from '../../host/settings.mjs';
import { openDefault, PROFILE, runAsking, writeDefault } from '../docker-default.mjs';
import { addBusybox } from '../engine.mjs';

export const needsEngine = true;
export const title = "Docker's seccomp lab is followed: deny everything, the default without chmod, no profile at all";

const IMAGE = 'sp-ui:lab';
const CHMOD = ['chmod', 'fchmod', 'fchmodat', 'fchmodat2'];

export function prepare(folder) {
  writeWorkspaceSettings(folder, {
    'seccomp.container.image': IMAGE,
    'seccomp.container.command': ['/bin/busybox', 'chmod', '700', '/bin'],
  });
  writeDefault(folder, withoutChmod);
}

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await addBusybox(ui.engineEnv, IMAGE);
  const input = await runAsking(ui, 'Seccomp: New Profile…');
  await input.fill('Deny everything');
  await ui.page.keyboard.press('Enter');
  await ui.languageIs(/seccomp/i);
  await ui.runCommand('Seccomp: Test in Container');
  await ui.sees(/No container starts under this profile/);
  await ui.sees(/The profile denies what runc calls before the program/);
  await ui.shot('lab-deny');

  await openDefault(ui);
  await ui.testInDocker(PROFILE);
  await ui.sees(/Operation not permitted/);
  await ui.sees(/^without$/);
  await ui.shot('lab-chmod');
}

/** The default as the lab has it: the family of chmod is taken out of the allowed calls. */
function withoutChmod(text) {
  const profile = JSON.parse(text);
  for (const rule of profile.syscalls) rule.names = rule.names.filter((name) => !CHMOD.includes(name));
  assert.ok(!JSON.stringify(profile).includes('"chmod"'));
  return `${JSON.stringify(profile, null, 2)}\n`;
}
