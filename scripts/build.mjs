// Bundles the product into dist/ (server, client) and, with --tests, the tests into out/test/.
import { createHash } from 'node:crypto';
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
import { tighten } from './lib/tighten.mjs';

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

/** The files that are run. Server and command line share most of their code, which is in a file of its own. */
function launcher(program, bundleId) {
  return {
    ...bundle({ [program]: 'server/entry/launch.ts' }),
    banner: { js: '#!/usr/bin/env node' },
    define: { PROGRAM: JSON.stringify(program), BUNDLE: JSON.stringify(bundleId) },
  };
}

/** The bundles that are there. */
const bundles = () =>
  fs
    .readdirSync(path.join(root, 'dist'))
    .filter((name) => name.endsWith('.cjs'))
    .map((name) => path.join(root, 'dist', name));

/** Different for every content of the files that the programs have. */
function bundleId() {
  const hash = createHash('sha256');
  const files = bundles().filter((file) => path.basename(file) !== 'client.cjs');
  for (const file of files.sort()) hash.update(path.basename(file)).update(fs.readFileSync(file));
  return hash.digest('hex').slice(0, 16);
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
if (production) await tighten(bundles());
// of bundles that are gone
fs.rmSync(path.join(root, 'dist/.cache'), { recursive: true, force: true });
for (const name of Object.keys(PROGRAMS)) {
  await esbuild.build(launcher(name, bundleId()));
  // npm makes a bin executable when it links it, which is before a rebuild
  fs.chmodSync(path.join(root, 'dist', `${name}.cjs`), 0o755);
}
