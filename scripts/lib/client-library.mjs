import fs from 'node:fs';
import path from 'node:path';

/**
 * Parts of vscode-languageclient that the client can do without, by their files, with the capability of a server that would need
 * them. This server has none of these.
 */
export const UNSERVED = {
  callHierarchy: 'callHierarchyProvider',
  colorProvider: 'colorProvider',
  declaration: 'declarationProvider',
  definition: 'definitionProvider',
  documentHighlight: 'documentHighlightProvider',
  documentLink: 'documentLinkProvider',
  fileOperations: 'workspace',
  implementation: 'implementationProvider',
  inlineCompletion: 'inlineCompletionProvider',
  inlineValue: 'inlineValueProvider',
  linkedEditingRange: 'linkedEditingRangeProvider',
  notebook: 'notebookDocumentSync',
  reference: 'referencesProvider',
  rename: 'renameProvider',
  semanticTokens: 'semanticTokensProvider',
  signatureHelp: 'signatureHelpProvider',
  textDocumentContent: 'workspace',
  typeDefinition: 'typeDefinitionProvider',
  typeHierarchy: 'typeHierarchyProvider',
  workspaceSymbol: 'workspaceSymbolProvider',
};

/**
 * A feature that is not there, whatever its name: it tells the server of nothing and does nothing. The one for notebooks is asked by
 * others, also where there are no notebooks.
 */
const NO_FEATURE = `const event = () => ({ dispose() {} });
class NoFeature {
  static CellScheme = 'vscode-notebook-cell';
  registrationType = { method: 'notebookDocument/sync' };
  onOpenNotificationSent = event;
  onChangeNotificationSent = event;
  onSaveNotificationSent = event;
  onCloseNotificationSent = event;
  handles() { return false; }
  getProvider() {}
  fillClientCapabilities() {}
  initialize() {}
  register() {}
  unregister() {}
  clear() {}
  getState() { return { kind: 'static' }; }
}
module.exports = new Proxy({}, { get: () => NoFeature });`;

/** What matches paths with patterns brings two packages along. Selectors with a language, as all here, are decided before. */
const GLOB_PATTERN = path.join('common', 'utils', 'globPattern.js');
const NO_PATTERNS = `exports.matchGlobPattern = () => { throw new Error('No selector of this extension has a pattern.'); };`;

/** What TypeScript puts in front of each of its files, before the file says that it is a module. */
const HELPERS = /^var __createBinding = \(this && [\s\S]*?(?=^Object\.defineProperty\(exports, "__esModule")/m;
const HELPER = /^var (__\w+) = /gm;

const HELPERS_MODULE = 'client-library:helpers';

/** The file whose helpers the others take: it has nearly all. */
const HELPERS_FROM = path.join('node', 'main.js');

const namesIn = (helpers) => [...helpers.matchAll(HELPER)].map(([, name]) => name);

/** A file of the library that takes its helpers from one place, where they are all there. */
export function withoutHelpers(source, there) {
  const names = namesIn(HELPERS.exec(source)?.[0] ?? '');
  if (names.length === 0 || !names.every((name) => there.includes(name))) return source;
  return source.replace(HELPERS, () => `const { ${names.join(', ')} } = require('${HELPERS_MODULE}');\n`);
}

/** The helpers, and the module that has them. */
export function helpersOf(library) {
  const [helpers] = HELPERS.exec(read(path.join(library, HELPERS_FROM)));
  const names = namesIn(helpers);
  return { names, contents: `${helpers}module.exports = { ${names.join(', ')} };` };
}

const FILES = /[\\/]vscode-(?:languageclient|languageserver-protocol|jsonrpc)[\\/]lib[\\/].*\.js$/;
const read = (file) => fs.readFileSync(file, 'utf8');

/**
 * Leaves out of vscode-languageclient and the packages below it what this extension has no use for, and what is in there many
 * times over.
 */
export function clientLibrary(folder) {
  const library = path.join(folder, 'vscode-languageclient', 'lib');
  const contents = new Map([
    ...Object.keys(UNSERVED).map((name) => [path.join(library, 'common', `${name}.js`), NO_FEATURE]),
    [path.join(library, GLOB_PATTERN), NO_PATTERNS],
  ]);
  const lost = [...contents.keys()].filter((file) => !fs.existsSync(file));
  if (lost.length > 0) throw new Error(`${lost.join(', ')}: the library has no such file any more`);
  const helpers = helpersOf(library);
  return {
    name: 'client-library',
    setup(build) {
      build.onLoad({ filter: FILES }, ({ path: file }) => ({
        contents: contents.get(file) ?? withoutHelpers(read(file), helpers.names),
      }));
      build.onResolve({ filter: /^client-library:/ }, ({ path: name }) => ({
        path: name,
        namespace: 'client-library',
      }));
      build.onLoad({ filter: /helpers$/, namespace: 'client-library' }, () => ({ contents: helpers.contents }));
      // whether the editor is new enough has been asked already: the manifest wants one that is newer
      build.onResolve({ filter: /^semver\/functions\/(?:parse|satisfies)$/ }, ({ path: name }) => ({
        path: name,
        namespace: 'semver',
      }));
      build.onLoad({ filter: /./, namespace: 'semver' }, () => ({ contents: 'module.exports = () => true;' }));
    },
  };
}
