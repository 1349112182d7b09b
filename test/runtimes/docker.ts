import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { addImage, type Bench, imageTag, runContainer, Stopped } from '../../server/container/bench.ts';
import { removeRun } from '../../server/container/cleanup.ts';
import { type Engine, execute, findEngine } from '../../server/container/index.ts';
import { probeLimits } from '../../server/container/measure.ts';
import { labelsOf, newRunId } from '../../server/container/owner.ts';
import { imageArchive } from '../../server/container/probe/image.ts';
import { DEFAULT_LIMITS } from '../../server/container/request.ts';
import { dockerDefaultCapabilities } from '../../server/src/catalog/index.ts';
import { startPrivateEngine } from '../container/engine-setup.ts';
import { hostTarget, libseccompOf, releaseOf } from './host.ts';
import { COMMAND, probeArch, programFor, type Ran, type Run, type Runtime, readRun, type Setting } from './runtime.ts';

const LIMIT_MS = 60_000;

/** A Docker engine of its own: of another one it could not be told what it is linked with. */
export async function openDocker(): Promise<Runtime> {
  const { env, stop } = await startPrivateEngine();
  try {
    const found = await findEngine({ kind: 'docker', env }, execute);
    if (!found.ok) throw new Error(found.problems.map(({ raw }) => raw).join('\n'));
    return await runtimeOf(found.engine, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function runtimeOf(engine: Engine, stop: () => Promise<void>): Promise<Runtime> {
  const [loader, libseccomp] = await Promise.all([releaseOf('runc'), libseccompOf('runc')]);
  const releases = { engine: versionIn(engine.version), loader };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-docker-'));
  return {
    label: `Docker ${engine.version}, runc ${loader}, libseccomp ${libseccomp}`,
    target: { ...hostTarget(libseccomp), runtime: 'docker', releases },
    takesEndless: false,
    prepare: async (calls, setting, use) => {
      const bench = benchFor(engine, setting, calls.length);
      const { runId } = bench;
      try {
        const image = { arch: probeArch(), tag: imageTag(runId), labels: labelsOf(runId), program: programFor(calls) };
        const failed = await addImage(bench, imageArchive(image));
        if (failed !== undefined) throw new Error(failed);
        return await use(runner(bench, calls.length, folder));
      } finally {
        await removeRun(engine, runId, execute);
      }
    },
    leftovers: async () => {
      const list = (thing: string) => execute({ ...engine, args: [thing, 'ls', '--all', '--quiet'] });
      const outputs = await Promise.all(['container', 'image'].map(list));
      return outputs.flatMap(({ stdout }) => stdout.split('\n').filter(Boolean));
    },
    close: async () => {
      fs.rmSync(folder, { recursive: true, force: true });
      await stop();
    },
  };
}

/** `20.10.24` of Debian's `20.10.24+dfsg1`. */
const versionIn = (text: string): string => /^\d+(?:\.\d+)+/.exec(text)?.[0] ?? text;

function benchFor(engine: Engine, setting: Setting, calls: number): Bench {
  const options = optionsOf(setting);
  const signal = AbortSignal.timeout(LIMIT_MS);
  return { engine, runId: newRunId(), execute, signal, limits: probeLimits(DEFAULT_LIMITS, calls), options };
}

/** The options that turn Docker's usual capabilities into the wanted ones. */
function optionsOf({ capabilities, noNewPrivileges }: Setting): readonly string[] {
  const usual = dockerDefaultCapabilities();
  const option = (flag: string) => (name: string) => `${flag}=${name.replace('CAP_', '')}`;
  return [
    ...capabilities.filter((name) => !usual.includes(name)).map(option('--cap-add')),
    ...usual.filter((name) => !capabilities.includes(name)).map(option('--cap-drop')),
    ...(noNewPrivileges ? ['--security-opt', 'no-new-privileges'] : []),
  ];
}

/** The engine may be of no use afterwards. */
function brokenOff(error: unknown): Extract<Ran, { kind: 'broken' }> {
  if (error instanceof Stopped)
    return { kind: 'broken', said: `the container is ${error.container} after ${LIMIT_MS} ms` };
  throw error;
}

function runner(bench: Bench, count: number, folder: string): Run {
  let made = 0;
  return async (profile): Promise<Ran> => {
    const id = String(made++);
    const file = path.join(folder, `${bench.runId}-${id}.json`);
    if (profile !== undefined) fs.writeFileSync(file, profile);
    const seccomp = profile === undefined ? 'unconfined' : file;
    const limited: Bench = { ...bench, signal: AbortSignal.timeout(LIMIT_MS) };
    const ran = await runContainer(limited, { id, image: imageTag(bench.runId), command: COMMAND, seccomp }).catch(
      brokenOff,
    );
    if (ran.kind === 'broken') return ran;
    if (ran.kind === 'refused') return { kind: 'refused', said: ran.raw };
    return readRun(count, ran.stdout, `exit status ${ran.exitCode} ${ran.stderr}`);
  };
}
