import { createRequire } from 'node:module';
import path from 'node:path';
import { libraryCode } from './library-code.mjs';

const require = createRequire(import.meta.url);

/**
 * Parts of vscode-languageserver that this server does not use, by their files, with the capability that a server with them would
 * have.
 */
export const UNUSED = {
  callHierarchy: 'callHierarchyProvider',
  fileOperations: 'workspace',
  inlineCompletion: 'inlineCompletionProvider',
  inlineValue: 'inlineValueProvider',
  linkedEditingRange: 'linkedEditingRangeProvider',
  moniker: 'monikerProvider',
  notebook: 'notebookDocumentSync',
  semanticTokens: 'semanticTokensProvider',
  textDocumentContent: 'workspace',
  typeHierarchy: 'typeHierarchyProvider',
};

/** Those for which the protocol's package has a file of its own that the client does not use either. */
const UNSPOKEN = Object.keys(UNUSED).filter((name) => name !== 'notebook' && name !== 'semanticTokens');

/** What looks for packages of npm on the disk. */
const FILES = 'vscode-languageserver/lib/node/files.js';

const serverFiles = Object.keys(UNUSED)
  .map((name) => `vscode-languageserver/lib/common/${name}.js`)
  .concat(FILES);
const protocolFiles = UNSPOKEN.map((name) => `vscode-languageserver-protocol/lib/common/protocol.${name}.js`);

/** The names of the protocol that are left out of the bundle which server and client share. */
export function goneFromProtocol(folder) {
  return protocolFiles.flatMap((file) => Object.keys(require(path.join(folder, file))));
}

/** Leaves out of vscode-languageserver and of the protocol's packages what neither the server nor the client uses. */
export function serverLibrary(folder) {
  const contents = [...serverFiles, ...protocolFiles].map((file) => [file, leftOut(folder, file)]);
  return libraryCode(folder, Object.fromEntries(contents), goneFromProtocol(folder));
}

/** A module with all the names of a file, each of which is an error for whoever uses it. */
function leftOut(folder, file) {
  const lines = Object.entries(require(path.join(folder, file))).map(([name, value]) => {
    if (name.endsWith('Feature')) return `exports.${name} = (Base) => class extends Base {${membersOf(value)}};`;
    // who hands on a function does not use it yet
    if (typeof value === 'function') return `exports.${name} = gone;`;
    return `Object.defineProperty(exports, '${name}', { enumerable: true, get: gone });`;
  });
  return `Object.defineProperty(exports, '__esModule', { value: true });
function gone() { throw new Error('${file} is left out of the bundle, see scripts/lib/server-library.mjs'); }
${lines.join('\n')}`;
}

/** What a feature adds to a connection. */
function membersOf(feature) {
  const members = Object.getOwnPropertyNames(feature(class {}).prototype).filter((name) => name !== 'constructor');
  return members.map((name) => ` get ${name}() { return gone(); }`).join('');
}
