// Bundles the product into dist/ (server, client) and, with --tests, the tests into out/test/.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { apart } from './lib/apart.mjs';
import { clientLibrary } from './lib/client-library.mjs';
import { later } from './lib/later.mjs';
import { loadModule } from './lib/load.mjs';
import { bundleInParts } from './lib/parts.mjs';
import { packedProse } from './lib/prose.mjs';
import { serverLibrary } from './lib/server-library.mjs';
import { packedTables, tables } from './lib/tables.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const production = process.argv.includes('--production');

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  plugins: [tables()],
  // jsonc-parser's `main` is a UMD file that a bundler cannot follow
  mainFields: ['module', 'main'],
  logLevel: 'warning',
};

const exists = (file) => fs.existsSync(path.join(root, file));

/**
 * The protocol and its transport, which the client and the server speak: one copy for both. Its package gives what the packages
 * below it have too.
 */
const PROTOCOL = 'vscode-languageserver-protocol/node';
const PROTOCOL_PACKAGES = /^vscode-(?:jsonrpc|languageserver-protocol|languageserver-types)(?:\/node)?$/;

/** Texts that are read when they are needed: a release packs them beside the bundle. */
async function texts() {
  if (!production) return [tables()];
  const { CHECKS } = await loadModule('server/src/checks/index.ts');
  return [
    packedTables(path.join(root, 'server/data'), path.join(root, 'dist/tables.br')),
    packedProse(CHECKS, path.join(root, 'dist/checks.br')),
  ];
}

const packages = path.join(root, 'node_modules');
const protocol = apart(PROTOCOL_PACKAGES, './protocol.cjs');

const PROGRAMS = { server: 'server/entry/node.ts', cli: 'server/entry/cli.ts' };

function programs(texts) {
  const entries = Object.entries(PROGRAMS).map(([name, file]) => [`program-${name}`, file]);
  return bundle(Object.fromEntries(entries), [...texts, protocol, serverLibrary(packages)]);
}

function product() {
  const client = [protocol, clientLibrary(packages)];
  return [
    bundle({ client: 'client/src/extension.ts' }, client),
    bundle({ protocol: PROTOCOL }, [later('crypto', ['randomBytes']), serverLibrary(packages)]),
    webview(),
  ];
}

function bundle(entryPoints, plugins = []) {
  return {
    ...shared,
    entryPoints,
    outdir: 'dist',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['vscode'],
    minify: production,
    sourcemap: production ? false : 'linked',
    plugins,
  };
}

/**
 * The files that are run. Server and command line share most of their code, which is in a file of its own.
 * - Both work in short bursts, in which V8's optimizing compiler costs more than it gains: it gets to work later, which halves
 *   the processor time of the first hundred keystrokes. Said once the code is loaded, since it slows that down.
 * - Newer releases of Node, such as VS Code's, keep the compiled code from one start to the next. It lies beside the bundle, since
 *   whoever can write it can run code; where that folder cannot be written there is none.
 */
function launcher(program) {
  return `#!/usr/bin/env node
require('node:module').enableCompileCache?.(require('node:path').join(__dirname, '.cache'));
require('./program-${program}.cjs').start();
require('node:v8').setFlagsFromString('--interrupt-budget=2000000');
`;
}

/** What runs in a page of the editor, where there is neither Node nor vscode. */
function webview() {
  return {
    absWorkingDir: root,
    bundle: true,
    logLevel: 'warning',
    entryPoints: ['client/webview/policy-table.ts', 'client/webview/policy-table.css'],
    outdir: 'dist',
    platform: 'browser',
    target: 'chrome128',
    format: 'iife',
    minify: production,
    sourcemap: production ? false : 'linked',
  };
}

function tests() {
  const files = walk(path.join(root, 'test')).filter(
    (f) => f.endsWith('.test.ts') || /test\/(editor|ui|fuzz|soak)\/run\.ts$/.test(f),
  );
  const editor = files.filter((f) => f.includes('/test/editor/suite/'));
  const rest = files.filter((f) => !editor.includes(f));
  const out = (list, format, ext) => ({
    ...shared,
    entryPoints: list.map((f) => path.relative(root, f)),
    outbase: 'test',
    outdir: 'out/test',
    format,
    splitting: format === 'esm',
    outExtension: { '.js': ext },
    packages: 'external',
    external: ['vscode'],
    sourcemap: 'linked',
  });
  return [
    ...(rest.length ? [out(rest, 'esm', '.mjs')] : []),
    // the extension host loads CommonJS
    ...(editor.length || exists('test/editor/suite/index.ts')
      ? [
          out(
            [
              ...editor,
              ...(exists('test/editor/suite/index.ts') ? [path.join(root, 'test/editor/suite/index.ts')] : []),
            ],
            'cjs',
            '.cjs',
          ),
        ]
      : []),
  ];
}

function walk(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? walk(file) : [file];
  });
}

// what an earlier build left would be packaged too
for (const name of fs.existsSync(path.join(root, 'dist')) ? fs.readdirSync(path.join(root, 'dist')) : [])
  if (/\.(?:cjs|br|js|css)(?:\.map)?$/.test(name)) fs.rmSync(path.join(root, 'dist', name));
if (process.argv.includes('--tests')) fs.rmSync(path.join(root, 'out/test'), { recursive: true, force: true });
const builds = [...product(), ...(process.argv.includes('--tests') ? tests() : [])];
await Promise.all([bundleInParts(programs(await texts())), ...builds.map((options) => esbuild.build(options))]);
for (const name of Object.keys(PROGRAMS)) {
  const file = path.join(root, 'dist', `${name}.cjs`);
  fs.writeFileSync(file, launcher(name));
  // npm makes a bin executable when it links it, which is before a rebuild
  fs.chmodSync(file, 0o755);
}
