import fs from 'node:fs';
import path from 'node:path';

/** A quiet editor: nothing opens, asks or connects by itself. */
const DEFAULTS = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.simpleDialog.enable': true,
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'window.dialogStyle': 'custom',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** @param {string} userData */
const settingsFile = (userData) => path.join(userData, 'User', 'settings.json');

/**
 * Adds the harness's defaults where the settings say nothing else; a file that is not plain JSON is left as it is.
 *
 * @param {string} userData
 * @param {Record<string, unknown>} [defaults]
 */
export function addDefaultSettings(userData, defaults = DEFAULTS) {
  const settings = readSettings(settingsFile(userData));
  if (settings) writeSettings(userData, { ...defaults, ...settings });
}

/**
 * @param {string} userData
 * @param {Record<string, unknown>} settings replace those that are there
 */
export const writeSettings = (userData, settings) => write(settingsFile(userData), settings);

/**
 * @param {string} folder the workspace, before a window opens it
 * @param {Record<string, unknown>} settings
 */
export const writeWorkspaceSettings = (folder, settings) => write(path.join(folder, '.vscode/settings.json'), settings);

function write(file, settings) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`);
}

function readSettings(file) {
  if (!fs.existsSync(file)) return {};
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
