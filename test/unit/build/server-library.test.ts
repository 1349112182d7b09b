import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Connection } from 'vscode-languageserver';
import { serverCapabilities } from '../../../server/src/lsp/capabilities.ts';
import { clientFeatures } from '../../../server/src/lsp/client-features.ts';

interface ServerLibrary {
  readonly UNUSED: Readonly<Record<string, string>>;
  goneFromProtocol(folder: string): readonly string[];
  serverLibrary(folder: string): Plugin;
}

const { UNUSED, goneFromProtocol, serverLibrary }: ServerLibrary = await import(
  pathToFileURL(path.resolve('scripts/lib/server-library.mjs')).href
);

type Library = typeof import('vscode-languageserver/node');

/** What code makes of the library as it is bundled, by what it assigns to `module.exports`. */
async function bundled(code: string): Promise<unknown> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    write: false,
    logLevel: 'silent',
    external: ['vscode'],
    plugins: [serverLibrary(path.resolve('node_modules'))],
  });
  const module = { exports: undefined as unknown };
  new Function('module', 'require', outputFiles[0]!.text)(module, createRequire(import.meta.url));
  return module.exports;
}

/** What code can tell of a value. What describes requests and notifications for machines is told to nobody. */
function within(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'messageDirection' && key !== 'capabilities')
      .map(([key, each]) => [key, typeof each === 'object' ? JSON.stringify(each) : typeof each]),
  );
}

const LEFT_OUT = /is left out of the bundle/;

describe("what is left out of the server's library", () => {
  let library: Library;
  let connection: Connection;
  before(async () => {
    library = (await bundled(`module.exports = require('vscode-languageserver/node');`)) as Library;
    const { PassThrough } = await import('node:stream');
    const { createConnection, ProposedFeatures } = library;
    connection = createConnection(ProposedFeatures.all, new PassThrough(), new PassThrough());
  });

  it('is for nothing that the server offers', () => {
    const everything = { textDocument: { diagnostic: {}, codeAction: { codeActionLiteralSupport: true } } };
    const offered = serverCapabilities(clientFeatures(everything as object), ['a']);
    for (const [part, capability] of Object.entries(UNUSED)) assert.ok(!(capability in offered), part);
  });

  it('is an error for who uses it of a connection', () => {
    const { languages, workspace, notebooks } = connection;
    const uses: readonly (() => unknown)[] = [
      () => languages.callHierarchy.onPrepare(() => null),
      () => languages.typeHierarchy.onPrepare(() => null),
      () => languages.moniker.on(() => null),
      () => languages.inlineValue.on(() => null),
      () => languages.inlineCompletion.on(() => null),
      () => languages.semanticTokens.refresh(),
      () => languages.onLinkedEditingRange(() => null),
      () => workspace.onDidCreateFiles(() => {}),
      () => workspace.textDocumentContent.refresh('a'),
      () => notebooks.synchronization.onDidOpenNotebookDocument(() => {}),
    ];
    assert.equal(uses.length, Object.keys(UNUSED).length);
    for (const use of uses) assert.throws(use, LEFT_OUT, String(use));
  });

  it('is an error for who uses its names', () => {
    for (const name of goneFromProtocol(path.resolve('node_modules')) as readonly (keyof Library)[])
      assert.throws(() => library[name], LEFT_OUT, name);
    assert.throws(() => new library.SemanticTokensBuilder(), LEFT_OUT);
    assert.throws(() => library.Files.uriToFilePath('file:///a'), LEFT_OUT);
  });

  it('is refused in a bundle where another part of the libraries uses it', async () => {
    const file = path.resolve('node_modules/vscode-languageclient/lib/common/linkedEditingRange.js');
    await assert.rejects(bundled(`require(${JSON.stringify(file)});`), /uses LinkedEditingRangeRequest/);
  });

  it('is no more than that: all the rest is there', async () => {
    const whole = createRequire(import.meta.url)('vscode-languageserver/node') as Library;
    assert.deepEqual(Object.keys(library).toSorted(), Object.keys(whole).toSorted());
    const gone = new Set<string>(goneFromProtocol(path.resolve('node_modules')));
    for (const name of Object.keys(whole) as (keyof Library)[])
      if (!gone.has(name)) assert.deepEqual(within(library[name]), within(whole[name]), name);
  });
});
