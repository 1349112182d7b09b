import path from 'node:path';
import esbuild from 'esbuild';
import { projectRoot } from '../host/package.mjs';

/**
 * Starts the container tests' private engine.
 *
 * @returns {Promise<import('../container/engine-setup.ts').TestEngine>}
 */
export async function startEngine() {
  return (await load('test/container/engine-setup.ts')).startEngine();
}

/**
 * Adds an image that has busybox and nothing else.
 *
 * @param {Record<string, string>} engineEnv
 * @param {string} tag
 */
export async function addBusybox(engineEnv, tag) {
  const { addRootImage, busybox } = await load('test/container/root-image.ts');
  await addRootImage(engineEnv, tag, [await busybox()]);
}

/** A module of the container tests, which are TypeScript. */
async function load(file) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(projectRoot, file)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
