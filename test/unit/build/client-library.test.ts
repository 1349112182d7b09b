import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { serverCapabilities } from '../../../server/src/lsp/capabilities.ts';
import { clientFeatures } from '../../../server/src/lsp/client-features.ts';

interface ClientLibrary {
  readonly UNSERVED: Readonly<Record<string, string>>;
  clientLibrary(folder: string): Plugin;
}

interface LibraryCode {
  withoutHelpers(source: string, there: readonly string[]): string;
  helpersOf(folder: string): { readonly names: readonly string[] };
}

const script = (name: string) => import(pathToFileURL(path.resolve('scripts/lib', name)).href);
const { UNSERVED, clientLibrary }: ClientLibrary = await script('client-library.mjs');
const { withoutHelpers, helpersOf }: LibraryCode = await script('library-code.mjs');

const LIBRARY = 'node_modules/vscode-languageclient/lib';

describe("what is left out of the client's library", () => {
  it('is for nothing that the server offers', () => {
    const everything = { textDocument: { diagnostic: {}, codeAction: { codeActionLiteralSupport: true } } };
    const offered = serverCapabilities(clientFeatures(everything as object), ['a']);
    for (const [part, capability] of Object.entries(UNSERVED)) assert.ok(!(capability in offered), part);
  });

  it('is not needed to know whether the editor is new enough', () => {
    const wanted = /REQUIRED_VSCODE_VERSION = '\^1\.(\d+)\.0'/.exec(read('node/main.js'));
    const { engines } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
    const ours = /^\^1\.(\d+)\.0$/.exec(engines.vscode);
    assert.ok(Number(ours?.[1]) >= Number(wanted?.[1]));
  });

  it('is not needed for selectors, which all name a language', () => {
    const source = fs.readFileSync('client/src/language-client.ts', 'utf8');
    const [, selector = ''] = /documentSelector: \[(.*)\]/.exec(source) ?? [];
    assert.match(selector, /^(\{ language: \w+ \}(, )?)+$/);
  });

  it('takes nothing else from a file that has helpers', () => {
    for (const name of ['node/main.js', 'common/client.js', 'common/api.js', 'common/diagnostic.js']) {
      const source = read(name);
      const rest = source.slice(source.indexOf('Object.defineProperty(exports, "__esModule"'));
      assert.equal(withoutHelpers(source, helpersOf('node_modules').names).endsWith(rest), true, name);
      const taken = source.slice(0, source.length - rest.length).match(/^\S.*$/gm) ?? [];
      for (const line of taken) assert.match(line, /^("use strict";|\/\*|var __\w+ = |\}|\/\/\/)/, name);
    }
  });
});

/** An editor's interface that has whatever it is asked for by name, and does nothing. */
const VSCODE = `class EventEmitter {
  event = () => ({ dispose() {} });
}
const nothing = () => new Proxy(class {}, {
  get: (target, name) => {
    if (name === Symbol.toPrimitive) return () => '';
    return name in target ? target[name] : nothing();
  },
  apply: () => nothing(),
});
module.exports = Object.assign(nothing(), { EventEmitter });`;

const MAKE_CLIENT = `import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
const run = { module: 'server', transport: TransportKind.ipc };
const client = new LanguageClient('id', 'name', { run, debug: run }, { documentSelector: [{ language: 'a' }] });
const params = client._features.reduce((all, each) => (each.fillClientCapabilities(all), all), {});
console.log(JSON.stringify(Object.keys(params.textDocument).sort()));`;

describe("what is left of the client's library", () => {
  it('makes a client, which tells the server what it can still do', async () => {
    const { outputFiles } = await build({
      stdin: { contents: MAKE_CLIENT, resolveDir: process.cwd() },
      bundle: true,
      platform: 'node',
      write: false,
      plugins: [
        clientLibrary(path.resolve('node_modules')),
        {
          name: 'vscode',
          setup: ({ onResolve, onLoad }) => {
            onResolve({ filter: /^vscode$/ }, () => ({ path: 'vscode', namespace: 'vscode' }));
            onLoad({ filter: /./, namespace: 'vscode' }, () => ({ contents: VSCODE }));
          },
        },
      ],
    });
    const { stdout, stderr } = spawnSync(process.execPath, ['-'], { input: outputFiles[0]?.text, encoding: 'utf8' });
    assert.equal(stderr, '');
    const able: readonly string[] = JSON.parse(stdout);
    for (const feature of [
      'synchronization',
      'completion',
      'hover',
      'codeAction',
      'codeLens',
      'diagnostic',
      'inlayHint',
    ])
      assert.ok(able.includes(feature), feature);
    for (const feature of Object.keys(UNSERVED)) assert.ok(!able.includes(feature), feature);
  });
});

function read(name: string): string {
  return fs.readFileSync(path.join(LIBRARY, name), 'utf8');
}
