import fs from 'node:fs';
import { execute } from '../../server/container/index.ts';
import type { TestEngine } from '../container/engine-setup.ts';

/** Containers and images of an engine, by kind and id. */
export async function inventory(env: TestEngine['env']): Promise<readonly string[]> {
  const list = async (thing: string): Promise<readonly string[]> => {
    const { status, stdout, stderr } = await execute({ program: 'docker', args: [thing, 'ls', '-aq'], env });
    if (status !== 0) throw new Error(`docker ${thing} ls: ${stderr}`);
    return stdout.split('\n').flatMap((id) => (id ? `${thing} ${id}` : []));
  };
  return [...(await list('container')), ...(await list('image'))].toSorted();
}

/**
 * Processes that a soak has left: those whose environment names its folder for temporary files, shims that the engine
 * started for containers, and children of this process that have ended but were not waited for.
 */
export function processes(folder: string, { DOCKER_HOST }: TestEngine['env']): readonly string[] {
  const engine = DOCKER_HOST.replace(/^unix:\/\/(.*)\/.*$/, '$1');
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
      const isOurs = read(`/proc/${pid}/environ`).split('\0').includes(`TMPDIR=${folder}`);
      const isShim = command.includes('containerd-shim') && command.includes(engine);
      return isOurs || isShim || isZombie(pid) ? `process ${pid} ${command}` : [];
    });
}

/** Fields 3 and 4 of the line, counted after the name, which may hold anything. Source: proc_pid_stat(5). */
function isZombie(pid: string): boolean {
  const stat = read(`/proc/${pid}/stat`);
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' && Number(parent) === process.pid;
}

/** What stands in the folder for temporary files. */
export const files = (folder: string): readonly string[] => fs.readdirSync(folder).map((name) => `file ${name}`);

export const openFiles = (): number => fs.readdirSync('/proc/self/fd').length;

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    // it has ended meanwhile
    return '';
  }
}
