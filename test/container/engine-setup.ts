import { type ChildProcess, execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ensurePrograms, searchPath } from '../debian.ts';

const run = promisify(execFile);

/** A Docker engine for tests. */
export interface TestEngine {
  /** Variables that make Docker's command-line program use it. */
  readonly env: { readonly DOCKER_HOST: string };
  /** Ends the engine and removes all that it made. */
  readonly stop: () => Promise<void>;
}

/** An engine that the tests may use, as `DOCKER_HOST` takes it, instead of one of their own. */
const GIVEN = 'SECCOMP_PROFILES_TEST_DOCKER_HOST';
const HELP =
  `The container tests start a Docker engine of their own, for which they need root and the programs dockerd, containerd, ` +
  `runc and docker (Debian: apt-get install docker.io). Or set ${GIVEN} to an engine that they may use.`;

/** The engine that the environment names, or else a private one. */
export async function startEngine(): Promise<TestEngine> {
  const given = process.env[GIVEN];
  return given ? { env: { DOCKER_HOST: given }, stop: async () => undefined } : startPrivateEngine();
}

/**
 * Starts a private engine, with all its files in a temporary folder and no network; engines of the user's are neither
 * used nor touched. Installs Debian's packages where programs are missing. Throws with what to install where it cannot.
 */
export async function startPrivateEngine(): Promise<TestEngine> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new Error(HELP);
  const programs = ['dockerd', 'containerd', 'runc', 'docker'];
  await ensurePrograms(Object.fromEntries(programs.map((program) => [program, 'docker.io'])), HELP);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sp-engine-'));
  const daemons: ChildProcess[] = [];
  const stop = () => stopEngine(folder, daemons);
  try {
    await startDaemons(folder, daemons);
  } catch (error) {
    const log = fs.readFileSync(path.join(folder, 'log'), 'utf8').slice(-2000);
    await stop();
    throw new Error(`The engine for the tests did not start: ${error}\n${log}`);
  }
  return { env: { DOCKER_HOST: `unix://${folder}/docker.sock` }, stop };
}

/** Runs something with an engine of its own. */
export async function withEngine<T>(use: (engine: TestEngine) => Promise<T>): Promise<T> {
  const engine = await startEngine();
  try {
    return await use(engine);
  } finally {
    await engine.stop();
  }
}

/** A containerd of its own too: dockerd would use the system's where one runs. */
async function startDaemons(folder: string, daemons: ChildProcess[]): Promise<void> {
  const file = (name: string) => path.join(folder, name);
  fs.writeFileSync(file('containerd.toml'), 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n');
  fs.writeFileSync(file('daemon.json'), '{}');
  const log = fs.openSync(file('log'), 'a');
  const daemon = (program: string, ...args: readonly string[]) => {
    const env = { ...process.env, PATH: searchPath().join(':') };
    const child = spawn(program, args, { stdio: ['ignore', log, log], env });
    daemons.push(child);
    // a last resort for an interrupted run
    process.once('exit', () => child.kill('SIGTERM'));
    return child;
  };
  const state = ['--root', file('c-root'), '--state', file('c-state')];
  daemon('containerd', '--config', file('containerd.toml'), '--address', file('c.sock'), ...state);
  await until(() => fs.existsSync(file('c.sock')), 'containerd does not listen');
  const places = ['--data-root', file('data'), '--exec-root', file('exec'), '--pidfile', file('pid')];
  const network = ['--bridge=none', '--iptables=false', '--ip6tables=false'];
  const sockets = ['--containerd', file('c.sock'), '--host', `unix://${file('docker.sock')}`];
  const dockerd = daemon('dockerd', '--config-file', file('daemon.json'), ...sockets, ...places, ...network);
  await until(async () => {
    if (dockerd.exitCode !== null) throw new Error(`dockerd ended with status ${dockerd.exitCode}`);
    return run('docker', ['--host', `unix://${file('docker.sock')}`, 'version']).then(
      () => true,
      () => false,
    );
  }, 'dockerd does not answer');
}

async function until(condition: () => boolean | Promise<boolean>, otherwise: string, limitMs = 60_000): Promise<void> {
  for (const end = Date.now() + limitMs; Date.now() < end; await delay(50)) if (await condition()) return;
  throw new Error(otherwise);
}

async function stopEngine(folder: string, daemons: readonly ChildProcess[]): Promise<void> {
  // a container that hangs would keep its shim, and the shim its mounts
  for (const pid of shimsOf(folder)) for (const child of descendants(pid)) kill(child);
  for (const daemon of daemons.toReversed()) await end(daemon);
  for (const pid of shimsOf(folder)) kill(pid);
  await until(() => shimsOf(folder).length === 0, 'processes of the engine for the tests do not end', 10_000);
  for (const mount of mountsIn(folder)) await run('umount', ['--lazy', mount]);
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const gone = new Promise((resolve) => daemon.once('exit', resolve));
  daemon.kill('SIGTERM');
  const killer = setTimeout(() => daemon.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(killer);
}

/** containerd's helpers name its socket in their arguments; nobody else names this folder. */
const shimsOf = (folder: string) =>
  processes().filter(
    (pid) => read(`/proc/${pid}/cmdline`).includes(`containerd-shim`) && read(`/proc/${pid}/cmdline`).includes(folder),
  );

function descendants(pid: number): readonly number[] {
  const children = processes().filter((each) => parentOf(each) === pid);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** Field 4 of the line, counted after the name, which may hold anything. */
const parentOf = (pid: number) => {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
};

const processes = () =>
  fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

const mountsIn = (folder: string) =>
  read('/proc/self/mounts')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${folder}/`))
    .toReversed();

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}
