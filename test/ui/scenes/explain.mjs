import { openDefault, PROFILE, runAsking, writeDefault } from '../docker-default.mjs';

export const title = '"What Happens to…?" answers a call as strace prints it, and goes to the rule that decides';

export const prepare = (folder) => writeDefault(folder);

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await openDefault(ui);
  await ui.putCaret(PROFILE, '"personality"', 3);
  await ui.editor(PROFILE).locator('.view-line', { hasText: 'persona' }).first().waitFor();
  await ui.shot('inlay-hints');
  const input = await runAsking(ui, 'Seccomp: What Happens to…?');
  await ui.page.locator('.quick-input-title', { hasText: 'What happens to' }).waitFor();
  await input.fill('clone(child_stack=NULL, flags=CLONE_NEWUSER|SIGCHLD)');
  await ui.page.locator('.quick-input-message', { hasText: 'fails with EPERM' }).waitFor();
  await ui.shot('explain');
  await input.fill('socket(AF_ALG, SOCK_SEQPACKET, 0)');
  await ui.page.locator('.quick-input-message', { hasText: 'AF_ALG' }).waitFor();
  await input.fill('personality(persona=PER_LINUX32)');
  await ui.page.locator('.quick-input-message', { hasText: /allowed \(rule/ }).waitFor();
  await ui.page.keyboard.press('Enter');
  await ui.notification('personality');
  await ui.editor(PROFILE).locator('.selected-text').first().waitFor();
  await ui.shot('explain-rule');
}
