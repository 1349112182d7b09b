import path from 'node:path';

/**
 * What a VS Code command line asks for, as far as the harness can do it.
 *
 * @typedef {object} Invocation
 * @property {string[]} developmentPaths extensions to load from their folder
 * @property {string} [testsPath] module whose `run()` is the test
 * @property {string} [userData]
 * @property {string} [extensions]
 * @property {string} [workspace] folder or `.code-workspace` file to open
 * @property {boolean} trustAll
 * @property {string[]} serverArgs arguments that mean the same to the web server
 * @property {string[]} extensionCommands `--install-extension x.vsix` and its like
 */

/** Options with a value; the others are switches. */
const VALUED = new Set([
  'extensionDevelopmentPath',
  'extensionTestsPath',
  'extensions-dir',
  'folder-uri',
  'install-extension',
  'locale',
  'log',
  'uninstall-extension',
  'user-data-dir',
]);

/** What `runTests` always passes and a page has no use for. */
const WITHOUT_MEANING = new Set([
  'disable-extensions',
  'disable-gpu',
  'disable-gpu-sandbox',
  'disable-updates',
  'new-window',
  'no-cached-data',
  'no-sandbox',
  'skip-release-notes',
  'skip-welcome',
  'wait',
]);

/**
 * @param {readonly string[]} argv
 * @returns {Invocation}
 * @throws when an argument is unknown: a test must not run under other conditions than it asked for
 */
export function parseArguments(argv) {
  const invocation = { developmentPaths: [], serverArgs: [], extensionCommands: [], trustAll: false };
  const rest = [...argv];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
    if (!match) invocation.workspace = path.resolve(arg);
    else apply(invocation, match[1], VALUED.has(match[1]) ? (match[2] ?? rest.shift()) : match[2]);
  }
  return invocation;
}

function apply(invocation, name, value) {
  if (VALUED.has(name) && !value) throw new Error(`--${name} needs a value.`);
  switch (name) {
    case 'extensionDevelopmentPath':
      invocation.developmentPaths.push(localPath(value));
      break;
    case 'extensionTestsPath':
      invocation.testsPath = localPath(value);
      break;
    case 'user-data-dir':
      invocation.userData = path.resolve(value);
      break;
    case 'extensions-dir':
      invocation.extensions = path.resolve(value);
      break;
    case 'folder-uri':
      invocation.workspace = localPath(value);
      break;
    case 'disable-workspace-trust':
      invocation.trustAll = true;
      break;
    case 'enable-proposed-api':
    case 'locale':
    case 'log':
      invocation.serverArgs.push(asArgument(name, value));
      break;
    case 'install-extension':
    case 'uninstall-extension':
    case 'list-extensions':
    case 'show-versions':
    case 'force':
    case 'version':
      invocation.extensionCommands.push(asArgument(name, value));
      break;
    default:
      if (!WITHOUT_MEANING.has(name)) throw new Error(`--${name} is not an option this editor knows.`);
  }
}

const asArgument = (name, value) => (value === undefined ? `--${name}` : `--${name}=${value}`);

const localPath = (value) => path.resolve(value.startsWith('file:') ? new URL(value).pathname : value);
