import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './browser.mjs';
import { installServer } from './install.mjs';
import { remoteUri, startServer } from './server.mjs';

const inside = fileURLToPath(new URL('inside.cjs', import.meta.url));
const TIME_LIMIT_SECONDS = Number(process.env.SECCOMP_EDITOR_TIMEOUT || 600);

/**
 * How a run ended: 0 passed, 1 failed or crashed, 124 took too long, 130 was interrupted.
 *
 * @typedef {{ code: number, reason?: string }} Ending
 */

/**
 * Runs extension tests in VS Code's extension host behind a page in a headless browser. Their output goes to stdout.
 *
 * @param {import('./arguments.mjs').Invocation} invocation
 * @param {{ userData: string, extensions: string }} folders
 * @returns {Promise<Ending>}
 */
export async function runTestsInBrowser(invocation, folders) {
  const ending = interruption();
  const server = installServer({ signal: ending.signal }).then((installation) =>
    startServer({
      ...{ installation, ...folders },
      trustAll: invocation.trustAll,
      testDriver: true,
      args: invocation.serverArgs,
      env: { ...process.env, SECCOMP_EDITOR_TESTS: invocation.testsPath },
    }),
  );
  const browser = launchBrowser();
  try {
    return await Promise.race([ending.promise, visit(invocation, server, browser)]);
  } catch (error) {
    return { code: 1, reason: error.stack };
  } finally {
    await close(server, browser);
    ending.dispose();
  }
}

/** Resolves on a signal, when the time is up, or when the process that started us has died. */
function interruption() {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  let end;
  const promise = new Promise((resolve) => {
    end = (ending) => {
      controller.abort();
      resolve(ending);
    };
  });
  const onSignal = (signal) => end({ code: 130, reason: `interrupted by ${signal}` });
  for (const signal of signals) process.on(signal, onSignal);
  const timeUp = () => end({ code: 124, reason: `the tests took longer than ${TIME_LIMIT_SECONDS} s` });
  const timer = setTimeout(timeUp, TIME_LIMIT_SECONDS * 1000);
  onParentDeath(() => end({ code: 130, reason: 'whoever started the tests is gone' }));
  const dispose = () => {
    clearTimeout(timer);
    for (const signal of signals) process.off(signal, onSignal);
  };
  return { promise, signal: controller.signal, dispose };
}

/** Node gives a child a socket as its stdin, which closes when the parent dies. */
function onParentDeath(callback) {
  if (!fs.fstatSync(0).isSocket()) return;
  process.stdin.on('close', callback).resume();
}

async function visit(invocation, startingServer, startingBrowser) {
  const [server, browser] = await Promise.all([startingServer, startingBrowser]);
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, locale: 'en-US' });
  const { exit } = await listenForExit(page);
  const output = followOutput(server);
  try {
    return await Promise.race([
      exit.then((code) => verdict(code, server)),
      server.ended.then((error) => ({ code: 1, reason: error.message })),
      new Promise((resolve) => page.on('crash', () => resolve({ code: 1, reason: 'the page crashed' }))),
      new Promise((resolve) => browser.on('disconnected', () => resolve({ code: 1, reason: 'the browser ended' }))),
      open(page, server, invocation).then(() => new Promise(() => {})),
    ]);
  } finally {
    output.stop();
  }
}

/** The page calls these two functions, by the contract of VS Code's own smoke tests. */
async function listenForExit(page) {
  let onExit;
  const exit = new Promise((resolve) => {
    onExit = resolve;
  });
  await page.exposeFunction('codeAutomationExit', onExit);
  await page.exposeFunction('codeAutomationLog', () => {}); // the page's whole log; the tests' own comes by a file
  return { exit };
}

/** The page's exit code alone does not do: it is 0 for a crashed extension host. */
function verdict(code, server) {
  const result = path.join(server.runFolder, 'result');
  if (!fs.existsSync(result)) return { code: 1, reason: 'the extension host ended before its tests did' };
  const passed = code === 0 && fs.readFileSync(result, 'utf8') === 'passed';
  return passed ? { code: 0 } : { code: code || 1, reason: 'tests failed' };
}

async function open(page, server, { developmentPaths, workspace }) {
  const payload = [
    ...developmentPaths.map((folder) => ['extensionDevelopmentPath', remoteUri(server, folder)]),
    ['extensionTestsPath', remoteUri(server, inside)],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  const url = server.url({ ...workspaceQuery(workspace), payload: JSON.stringify(payload) });
  if (process.env.SECCOMP_EDITOR_DEBUG) page.on('console', (message) => console.error(`page: ${message.text()}`));
  await page.goto(url, { timeout: 0, waitUntil: 'commit' });
}

function workspaceQuery(workspace) {
  if (!workspace) return { ew: 'true' };
  return workspace.endsWith('.code-workspace') ? { workspace } : { folder: workspace };
}

/** Copies what the tests write to our stdout; a file rather than a pipe keeps the last words of a crashed host. */
function followOutput(server) {
  const file = path.join(server.runFolder, 'output');
  fs.writeFileSync(file, '');
  let position = 0;
  const copy = () => {
    const bytes = fs.readFileSync(file).subarray(position);
    position += bytes.length;
    if (bytes.length) process.stdout.write(bytes);
  };
  const timer = setInterval(copy, 100);
  const stop = () => {
    clearInterval(timer);
    copy();
  };
  return { stop };
}

async function close(startingServer, startingBrowser) {
  const [server, browser] = await Promise.allSettled([startingServer, startingBrowser]);
  const closing = browser.value?.close().catch(() => {});
  await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, 3000))]);
  await server.value?.stop();
}
