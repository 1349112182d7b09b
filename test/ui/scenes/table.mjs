import assert from 'node:assert/strict';
import { openDefault, PROFILE, writeDefault } from '../docker-default.mjs';

export const title = 'the policy table sorts, filters, groups, follows the edit and jumps to the rule';

export const prepare = (folder) => writeDefault(folder);

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await openDefault(ui);
  await ui.clickLens(PROFILE, /allowed \d+ · conditional/);
  const table = ui.page.frameLocator('iframe.webview').frameLocator('#active-frame');
  const rows = table.locator('tbody tr:not(.group)');
  const row = (name) => rows.filter({ has: table.locator('.name', { hasText: new RegExp(`^${name}$`) }) });
  await row('clone').waitFor();
  assert.ok((await rows.count()) > 350, 'every syscall has a row');
  await ui.shot('table');

  await table.locator('th button', { hasText: 'Danger' }).click();
  assert.match(await rows.first().innerText(), /breaks containment/);
  await table.getByLabel('Group by kind').check();
  await table.locator('tr.group').first().waitFor();
  await table.getByLabel('Filter').fill('mkdir');
  await row('mkdirat').waitFor();
  assert.equal(await row('clone').count(), 0);
  await ui.shot('table-filter');

  await row('mkdirat').locator('button').click();
  await ui.editor(PROFILE).locator('.selected-text').first().waitFor();
  await ui.page.keyboard.type('"mkdirat_is_gone"');
  await row('mkdirat').locator('.denied').waitFor();
  await ui.shot('table-follows');
  assert.equal(await table.getByLabel('Filter').inputValue(), 'mkdir');

  await choose(ui, 'Runtime', 'Podman');
  await table.locator('[role=status]', { hasText: 'Under Podman: 2 of' }).waitFor();
  await ui.shot('table-target');

  await ui.reload(/filter[\\":]+mkdir.*grouped[\\":]+true/);
  await row('mkdirat').waitFor();
  assert.equal(await table.getByLabel('Filter').inputValue(), 'mkdir', 'the filter outlives the window');
  assert.ok(await table.getByLabel('Group by kind').isChecked());
}

/** Changes a part of the target from the status bar. */
async function choose(ui, part, value) {
  const listRow = (text) => ui.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  await ui.page.locator('[id$="seccomp.target"]').click();
  await listRow(part).waitFor();
  await ui.shot('target');
  await listRow(part).click();
  await listRow(value).click();
}
