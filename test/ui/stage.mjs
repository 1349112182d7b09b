import fs from 'node:fs';
import path from 'node:path';
import { launchBrowser } from '../host/browser.mjs';
import { installExtension } from '../host/extensions.mjs';
import { removeFolder, temporaryFolder } from '../host/folders.mjs';
import { installServer } from '../host/install.mjs';
import { packagedExtension, projectRoot } from '../host/package.mjs';
import { startServer } from '../host/server.mjs';
import { writeSettings } from '../host/settings.mjs';
import { createDriver } from './driver.mjs';
import { startEngine } from './engine.mjs';

const STEP_LIMIT_MS = 60_000;
const CLOSE_LIMIT_MS = 10_000;

/**
 * An editor with the packaged extension installed as a user has it, without VS Code's test mode, which changes what a
 * user sees.
 *
 * @typedef {object} Stage
 * @property {(options?: WindowOptions) => Promise<import('./driver.mjs').Driver>} openWindow on a fresh copy of `examples/`
 * @property {() => Promise<void>} close
 */

/**
 * @typedef {object} WindowOptions
 * @property {string} [shots] folder for screenshots
 * @property {{ width: number, height: number }} [viewport]
 * @property {(folder: string) => void} [prepare] changes the folder before it is opened: VS Code misses files that come while
 *   it loads, and notices settings seconds late
 */

/**
 * @param {object} [options]
 * @param {Record<string, unknown>} [options.settings]
 * @param {boolean} [options.engine] start a container engine that the extension finds
 * @param {boolean} [options.trustAll] without it a window opens in Restricted Mode
 * @returns {Promise<Stage>}
 */
export async function openStage({ settings = {}, engine = false, trustAll = true } = {}) {
  const vsix = packagedExtension();
  const opened = [];
  const close = async () => {
    for (const part of opened.splice(0).reverse()) await part();
  };
  closeOnSignals(close);
  try {
    const startedEngine = engine ? await startEngine() : undefined;
    if (startedEngine) opened.push(startedEngine.stop);
    const { scratch, ...folders } = makeFolders();
    writeSettings(folders.userData, { 'editor.hover.delay': 100, ...settings });
    const installation = await installServer();
    await installExtension(installation, folders, vsix);
    const env = { ...process.env, ...startedEngine?.env };
    const server = await startServer({ installation, ...folders, env, trustAll });
    opened.push(() => server.stop());
    const browser = await launchBrowser();
    opened.push(() => browser.close());
    const newFolder = () => fs.mkdtempSync(path.join(scratch, 'window-'));
    const engineEnv = startedEngine?.env;
    return {
      openWindow: (options) => openWindow({ server, browser, engineEnv, folder: newFolder(), ...options }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function closeOnSignals(close) {
  const end = () => process.exit(130);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => {
      setTimeout(end, CLOSE_LIMIT_MS);
      close().then(end, end);
    });
}

/** Everything temporary, the browser's own included, lives in one folder that goes when this process ends. */
function makeFolders() {
  const scratch = temporaryFolder();
  process.env.TMPDIR = scratch;
  process.on('exit', () => removeFolder(scratch));
  return { scratch, userData: path.join(scratch, 'user-data'), extensions: path.join(scratch, 'extensions') };
}

async function openWindow(parts) {
  const { server, browser, engineEnv, folder, shots, prepare, viewport = { width: 1400, height: 900 } } = parts;
  const examples = path.join(folder, 'examples');
  fs.cpSync(path.join(projectRoot, 'examples'), examples, { recursive: true });
  prepare?.(examples);
  const context = await browser.newContext({ viewport, locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_LIMIT_MS);
  await page.goto(server.url({ folder: examples }), { timeout: 0 });
  return createDriver({ page, folder: examples, shots, engineEnv, close: () => context.close() });
}
