// Plays the scenes of test/ui/scenes in the packaged extension, with screenshots in out/shots:
// node test/ui/run.mjs [scene ...]
import fs from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../host/package.mjs';
import { openStage } from './stage.mjs';

const shots = path.join(projectRoot, 'out/shots');
const scenesFolder = new URL('scenes/', import.meta.url);

async function main(wanted) {
  const scenes = await loadScenes(wanted);
  fs.rmSync(shots, { recursive: true, force: true });
  const failed = [];
  for (const restricted of [false, true]) {
    const here = scenes.filter((scene) => Boolean(scene.restricted) === restricted);
    if (here.length) failed.push(...(await playAll(here, restricted)));
  }
  if (failed.length) throw new Error(`${failed.length} of ${scenes.length} scenes failed: ${failed.join(', ')}`);
  console.log(`${scenes.length} scenes passed; screenshots are in ${path.relative(process.cwd(), shots)}`);
}

/** Plays scenes in one editor, with or without trust in its workspace; gives the names of those that fail. */
async function playAll(scenes, restricted) {
  const stage = await openStage({ engine: scenes.some((scene) => scene.needsEngine), trustAll: !restricted });
  const failed = [];
  try {
    for (const scene of scenes) if (!(await passes(stage, scene))) failed.push(scene.name);
  } finally {
    await stage.close();
  }
  return failed;
}

/** In the order of their file names; all of them when none is named. */
async function loadScenes(wanted) {
  const all = fs
    .readdirSync(scenesFolder)
    .sort()
    .map((file) => path.basename(file, '.mjs'));
  const unknown = wanted.filter((name) => !all.includes(name));
  if (unknown.length) throw new Error(`There is no scene ${unknown.join(', ')}; there are ${all.join(', ')}.`);
  const names = wanted.length ? wanted : all;
  return Promise.all(names.map(async (name) => ({ name, ...(await import(new URL(`${name}.mjs`, scenesFolder))) })));
}

async function passes(stage, { name, title, file, prepare, play }) {
  const start = Date.now();
  const ui = await stage.openWindow({ shots, prepare });
  try {
    if (file) await ui.open(file);
    await play(ui);
    console.log(`  ok     ${name}: ${title} (${Date.now() - start} ms)`);
    return true;
  } catch (error) {
    console.error(`  FAILED ${name}: ${title}\n${error.stack}`);
    await ui.shot(`${name}-failed`).catch(() => {}); // the browser itself may have ended
    return false;
  } finally {
    await ui.close();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
