import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import esbuild from 'esbuild';
import { tables } from './tables.mjs';

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Imports a TypeScript module of the project by bundling it, with data tables as the product has them. */
export async function loadModule(file) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seccomp-profiles-'));
  const outfile = path.join(folder, 'module.mjs');
  try {
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: [file],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      plugins: [tables()],
      mainFields: ['module', 'main'],
      logLevel: 'warning',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
