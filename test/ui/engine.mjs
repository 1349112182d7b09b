import path from 'node:path';
import esbuild from 'esbuild';
import { projectRoot } from '../host/package.mjs';

/**
 * Starts the container tests' private engine, whose set-up is TypeScript.
 *
 * @returns {Promise<import('../container/engine-setup.ts').TestEngine>}
 */
export async function startEngine() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(projectRoot, 'test/container/engine-setup.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const module = await import(`data:text/javascript;base64,${code}`);
  return module.startEngine();
}
