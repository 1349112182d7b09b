import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';
import { root } from '../../lib/load.mjs';
import { ociSchema } from './schema.mjs';

/** VS Code's JSON language server as npm has it. Not a dependency: it is large, and only the benchmark wants it. */
const PACKAGE = 'vscode-langservers-extracted@4.10.0';
const CACHE = path.join(root, 'out/bench');
const JSON_SERVER = path.join(CACHE, 'node_modules/vscode-langservers-extracted/bin/vscode-json-language-server');

/** Installs the JSON language server at its first use (the only time that the network is needed); gives its file. */
export function jsonServer() {
  if (!fs.existsSync(JSON_SERVER)) {
    fs.mkdirSync(CACHE, { recursive: true });
    fs.writeFileSync(path.join(CACHE, 'package.json'), '{ "private": true }\n');
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
    execFileSync('npm', ['install', ...options, '--prefix', CACHE, PACKAGE], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return JSON_SERVER;
}

async function bareServer() {
  const outfile = path.join(CACHE, 'bare.cjs');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['scripts/bench/servers/bare.mjs'],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
  });
  return outfile;
}

const described = (schema) => ({
  json: {
    validate: { enable: true },
    schemas: [{ fileMatch: ['*.json'], url: 'file:///seccomp.schema.json', schema }],
  },
});

/** How to start each server: ours, VS Code's JSON server with the plain schema and with one that lists syscalls, and a bare one. */
export async function servers(product) {
  const json = { file: jsonServer(), args: ['--stdio'], initializationOptions: { provideFormatter: true } };
  return {
    ours: { file: path.join(root, 'dist/server.cjs'), args: ['--stdio'], languageId: 'seccomp' },
    json: { ...json, settings: described(ociSchema(product)) },
    jsonNames: { ...json, settings: described(ociSchema(product, product.syscallNames())) },
    bare: { file: await bareServer(), args: ['--stdio'], languageId: 'seccomp' },
  };
}
