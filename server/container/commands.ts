import type { Cli } from './cli.ts';
import type { Command, Output } from './execute.ts';
import { at, list, parseJson, text } from './json.ts';
import { LABEL } from './owner.ts';

/** A container to make. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  /** Program and arguments; the image's own when empty. */
  readonly command: readonly string[];
  /** `unconfined`, or the path of a profile where the command-line program runs. */
  readonly seccomp: string;
  readonly limits: Limits;
  readonly labels: Readonly<Record<string, string>>;
  /** Further options of `docker create`, e.g. `--cap-add=SYS_ADMIN`. */
  readonly options: readonly string[];
  /** `none` when absent. */
  readonly network?: 'none' | 'bridge';
}

export interface Limits {
  /** As `--memory` takes it, e.g. `256m`. */
  readonly memory: string;
  /** Processes and threads. */
  readonly pids: number;
}

/** What an engine says of a container. */
export interface ContainerState {
  /** Whether the container's own program was ever started. */
  readonly started: boolean;
  readonly running: boolean;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** Why it could not be started; empty when it was. */
  readonly error: string;
}

/** Something of ours that an engine still has. */
export interface Leftover {
  readonly id: string;
  readonly run: string;
  readonly owner: string;
}

type Thing = 'container' | 'image';

const succeeded = (output: Output): boolean => output.status === 0 && !output.stopped;

/** Adds an image in the form of `docker save`. Yields whether it worked. */
export const loadImage = (cli: Cli, archive: Uint8Array): Command<boolean> => ({
  ...cli,
  args: ['load'],
  stdin: archive,
  parse: succeeded,
});

/** The options that decide what a container may do, in the order in which a person would write them. */
export function restrictions({
  seccomp,
  limits,
  options,
  network = 'none',
}: Pick<ContainerSpec, 'seccomp' | 'limits' | 'options' | 'network'>): readonly string[] {
  return [
    ...['--network', network],
    ...['--security-opt', `seccomp=${seccomp}`],
    ...['--memory', limits.memory],
    ...['--pids-limit', String(limits.pids)],
    ...options,
  ];
}

/** Why a text cannot be an image: engines take what begins with a hyphen for an option. Undefined where it can. */
export const imageProblem = (image: string): string | undefined =>
  /^-|\s/.test(image) ? `"${image}" is no image: it is one word, and does not begin with a hyphen.` : undefined;

/** Makes a container without starting it; no image is pulled. Yields its id, or undefined when it was refused. */
export function createContainer(cli: Cli, spec: ContainerSpec): Command<string | undefined> {
  const labels = Object.entries(spec.labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
  // an endless output must not fill the engine's disk
  const log = cli.kind === 'nerdctl' ? [] : ['--log-driver', 'none'];
  const own = ['--name', spec.name, ...labels, '--pull', 'never', ...log];
  return {
    ...cli,
    args: ['create', ...own, ...restrictions(spec), spec.image, ...spec.command],
    parse: (output) => (succeeded(output) ? output.stdout.trim().split('\n').at(-1) : undefined),
  };
}

/** Starts a container and stays until it has ended; its output is the command's. */
export const startContainer = (cli: Cli, name: string): Command<Output> => ({
  ...cli,
  args: ['start', '--attach', name],
  parse: (output) => output,
});

/** Yields undefined when there is no such container. */
export const inspectContainer = (cli: Cli, name: string): Command<ContainerState | undefined> => ({
  ...cli,
  args: ['container', 'inspect', name],
  parse: (output) => {
    const state = at(parseJson(output.stdout), 0, 'State');
    if (state === undefined) return undefined;
    return {
      started: !(text(state, 'StartedAt') ?? '0001').startsWith('0001'),
      running: at(state, 'Running') === true,
      exitCode: Number(at(state, 'ExitCode') ?? 0),
      outOfMemory: at(state, 'OOMKilled') === true,
      error: text(state, 'Error') ?? '',
    };
  },
});

/** Ids of the things that carry our label; with `runId`, those of one test. Undefined when the engine does not answer. */
export function listOurs(cli: Cli, thing: Thing, runId?: string): Command<readonly string[] | undefined> {
  const filter = `label=${LABEL.run}${runId === undefined ? '' : `=${runId}`}`;
  const all = thing === 'container' ? ['--all'] : [];
  return {
    ...cli,
    args: [thing, 'ls', ...all, '--quiet', '--no-trunc', '--filter', filter],
    parse: (output) => (succeeded(output) ? [...new Set(output.stdout.split('\n').filter(Boolean))] : undefined),
  };
}

/** The labels of these things; those without ours are left out. */
export const inspectOurs = (cli: Cli, thing: Thing, ids: readonly string[]): Command<readonly Leftover[]> => ({
  ...cli,
  args: [thing, 'inspect', ...ids],
  parse: (output) =>
    list(parseJson(output.stdout)).flatMap((each) => {
      const id = text(each, 'Id') ?? text(each, 'ID');
      const run = text(each, 'Config', 'Labels', LABEL.run);
      const owner = text(each, 'Config', 'Labels', LABEL.owner);
      return id && run && owner ? [{ id, run, owner }] : [];
    }),
});

/** Removes things, running or not. Yields whether all are gone. */
export const removeThings = (cli: Cli, thing: Thing, ids: readonly string[]): Command<boolean> => ({
  ...cli,
  args: [thing, 'rm', '--force', ...(thing === 'container' ? ['--volumes'] : []), ...ids],
  parse: (output) => succeeded(output) || onlyMissing(output.stderr),
});

/** Each line of the complaint says that something is not there any more, or going already. */
const onlyMissing = (stderr: string) =>
  stderr !== '' &&
  stderr
    .trim()
    .split('\n')
    .every((line) => /no such|not found|already in progress/i.test(line));
