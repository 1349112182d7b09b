// Takes the README's pictures, docs/images/*.png, in the real editor with the packaged extension: node scripts/screenshots.mjs
import path from 'node:path';
import { projectRoot } from '../test/host/package.mjs';
import { openDefault, PROFILE, repairUntilStart, without, writeDefault } from '../test/ui/docker-default.mjs';
import { openStage } from '../test/ui/stage.mjs';

const FILE = 'tutorial.json';
const VIEWPORT = { width: 1100, height: 640 };
const SETTINGS = {
  'breadcrumbs.enabled': false,
  'editor.minimap.enabled': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.layoutControl.enabled': false,
  'workbench.sideBar.location': 'right',
};

const PICTURES = [
  { open: tutorial, takes: [diagnostics, hover, quickFix, completion, testInDocker] },
  { prepare: (folder) => writeDefault(folder), open: openDefault, takes: [policyTable] },
  { prepare: (folder) => writeDefault(folder, without(['capset', 'setgid'])), open: openDefault, takes: [repair] },
];

function tutorial(ui) {
  return ui.open(FILE);
}

async function diagnostics(ui) {
  await ui.squiggle(FILE, 'error');
  await ui.problems(/comma/i);
  await ui.shot('diagnostics');
}

async function hover(ui) {
  await ui.squiggle(FILE, 'warning');
  await ui.hover(FILE, '"chmod"', /permissions|mode/i);
  await ui.shot('hover');
}

async function quickFix(ui) {
  await ui.squiggle(FILE, 'warning');
  await ui.putCaret(FILE, '"mkdir"', 2);
  await ui.quickFix(/mkdirat/);
  await ui.shot('quick-fix');
}

async function completion(ui) {
  await ui.languageIs(/seccomp/i);
  await ui.putCaret(FILE, '"mkdir"', 6);
  await ui.complete('mkdirat');
  await ui.shot('completion');
}

async function testInDocker(ui) {
  await ui.squiggle(FILE, 'error');
  await ui.fixAll(FILE);
  await ui.testInDocker(FILE);
  await ui.sees(/What decided/);
  await ui.shot('test-in-docker');
}

async function policyTable(ui) {
  await ui.clickLens(PROFILE, /allowed \d+ · conditional/);
  const table = ui.page.frameLocator('iframe.webview').frameLocator('#active-frame');
  await table.locator('th button', { hasText: 'Danger' }).click();
  await table.locator('tbody tr').first().waitFor();
  await ui.shot('policy-table');
}

async function repair(ui) {
  await repairUntilStart(ui, 'setgid', 'set group identity');
  await ui.shot('repair');
}

async function takeAll() {
  const stage = await openStage({ settings: SETTINGS, engine: true });
  try {
    for (const { takes, ...start } of PICTURES) for (const take of takes) await inWindow(stage, start, take);
  } finally {
    await stage.close();
  }
}

async function inWindow(stage, { prepare, open }, take) {
  const shots = path.join(projectRoot, 'docs/images');
  const ui = await stage.openWindow({ shots, viewport: VIEWPORT, prepare });
  await open(ui);
  await ui.runCommand('View: Close Primary Side Bar');
  await take(ui);
  await ui.close();
}

try {
  await takeAll();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
