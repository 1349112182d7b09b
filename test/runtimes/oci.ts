import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execute } from '../../server/container/index.ts';
import type { Call } from '../../server/src/policy/evaluate.ts';
import { ensurePrograms } from '../debian.ts';
import { hostTarget, libseccompOf, releaseOf } from './host.ts';
import { COMMAND, programFor, type Ran, type Run, type Runtime, readRun, type Setting } from './runtime.ts';

const HELP =
  'The runtime tests start containers with runc and crun, for which they need root (Debian: apt-get install runc crun).';
const LIMIT_MS = 30_000;
/** What the names of our containers begin with. */
const PREFIX = `sp-${process.pid}-`;
/** Where a machine has cgroups of both versions, the second ones are mounted here. */
const UNIFIED = '/sys/fs/cgroup/unified';

/** runc or crun, with all its files in a temporary folder. Throws with what to install where it cannot be had. */
export async function openOci(name: 'runc' | 'crun'): Promise<Runtime> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new Error(HELP);
  await ensurePrograms({ [name]: name }, HELP);
  const [release, libseccomp] = await Promise.all([releaseOf(name), libseccompOf(name)]);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `sp-${name}-`));
  const state = path.join(folder, 'state');
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  // a last resort for an interrupted run
  process.once('exit', remove);
  let made = 0;
  return {
    label: `${name} ${release}, libseccomp ${libseccomp}`,
    target: { ...hostTarget(libseccomp), runtime: name, releases: { loader: release } },
    takesEndless: true,
    prepare: async (calls, setting, use) => {
      const id = `${PREFIX}${made++}`;
      const bundle = path.join(folder, id);
      makeRoot(path.join(bundle, 'rootfs'), calls);
      try {
        return await use(runner({ command: commandOf(name, state), id, bundle, calls, setting }));
      } finally {
        fs.rmSync(bundle, { recursive: true, force: true });
      }
    },
    leftovers: async () => [folder, state, ...cgroups()].flatMap(containersIn),
    close: async () => {
      process.off('exit', remove);
      remove();
    },
  };
}

/** The folders of this process's cgroups, in which runc makes those of its containers; man 7 cgroups. */
const cgroups = (): readonly string[] =>
  fs
    .readFileSync('/proc/self/cgroup', 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [, controllers = '', place = ''] = line.split(':');
      return path.join('/sys/fs/cgroup', controllers.replace(/^name=/, ''), place);
    });

/** Containers of ours that are named in a folder, which need not exist. */
const containersIn = (folder: string): readonly string[] =>
  fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.startsWith(PREFIX)) : [];

interface Job {
  readonly command: readonly string[];
  readonly id: string;
  readonly bundle: string;
  readonly calls: readonly Call[];
  readonly setting: Setting;
}

function runner({ command, id, bundle, calls, setting }: Job): Run {
  const perform = (...args: readonly string[]) => {
    const [program, ...before] = command;
    return execute({ program: program!, args: [...before, ...args] }, { timeoutMs: LIMIT_MS, maxBytes: 1 << 26 });
  };
  return async (profile): Promise<Ran> => {
    fs.writeFileSync(path.join(bundle, 'config.json'), configOf(setting, profile));
    const { stdout, stderr, stopped } = await perform('run', '--bundle', bundle, id);
    await perform('delete', '--force', id);
    if (stopped) return { kind: 'broken', said: `${stopped} ${stderr}` };
    return readRun(calls.length, stdout, stderr);
  };
}

/** crun of Debian 12 takes no machine with cgroups of both versions: it gets a view of the mounts without the second. */
function commandOf(name: 'runc' | 'crun', state: string): readonly string[] {
  if (name === 'runc') return ['runc', '--root', state];
  const crun = ['crun', '--root', state, '--cgroup-manager=disabled'];
  if (!fs.existsSync(UNIFIED)) return crun;
  return ['unshare', '--mount', 'sh', '-c', `umount ${UNIFIED} && exec "$@"`, 'sh', ...crun];
}

/** Only the program; the runtimes mount and fill the folders. */
function makeRoot(folder: string, calls: readonly Call[]): void {
  for (const name of ['dev', 'proc']) fs.mkdirSync(path.join(folder, name), { recursive: true });
  fs.writeFileSync(path.join(folder, 'probe'), programFor(calls), { mode: 0o755 });
}

/** The profile goes in as text, since its numbers may be larger than a double holds. */
function configOf({ capabilities, noNewPrivileges }: Setting, profile: string | undefined): string {
  const sets = { bounding: capabilities, effective: capabilities, permitted: capabilities };
  const config = JSON.stringify({
    ociVersion: '1.0.2',
    process: {
      user: { uid: 0, gid: 0 },
      args: ['/probe', ...COMMAND],
      env: [],
      cwd: '/',
      capabilities: sets,
      noNewPrivileges,
    },
    root: { path: 'rootfs', readonly: true },
    hostname: 'probe',
    mounts: [{ destination: '/proc', type: 'proc', source: 'proc' }],
    linux: { namespaces: ['pid', 'ipc', 'uts', 'mount', 'network'].map((type) => ({ type })), seccomp: null },
  });
  return profile === undefined ? config : config.replace('"seccomp":null', () => `"seccomp":${profile}`);
}
