import { libraryCode } from './library-code.mjs';
import { goneFromProtocol } from './server-library.mjs';

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
const NO_PATTERNS = `exports.matchGlobPattern = () => { throw new Error('No selector of this extension has a pattern.'); };`;

/**
 * Leaves out of vscode-languageclient and the packages below it what this extension has no use for, and what is in there many
 * times over.
 */
export function clientLibrary(folder) {
  const library = 'vscode-languageclient/lib';
  const unserved = Object.keys(UNSERVED).map((name) => [`${library}/common/${name}.js`, NO_FEATURE]);
  const contents = { ...Object.fromEntries(unserved), [`${library}/common/utils/globPattern.js`]: NO_PATTERNS };
  const code = libraryCode(folder, contents, goneFromProtocol(folder));
  return {
    name: 'client-library',
    setup(build) {
      code.setup(build);
      // whether the editor is new enough has been asked already: the manifest wants one that is newer
      build.onResolve({ filter: /^semver\/functions\/(?:parse|satisfies)$/ }, ({ path: name }) => ({
        path: name,
        namespace: 'semver',
      }));
      build.onLoad({ filter: /./, namespace: 'semver' }, () => ({ contents: 'module.exports = () => true;' }));
    },
  };
}
