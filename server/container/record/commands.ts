import type { Cli } from '../cli.ts';
import type { Command, Output } from '../execute.ts';
import { list, parseJson, text } from '../json.ts';
import { type TarFile, tar } from '../probe/tar.ts';

/** What an image runs by itself. */
export interface ImageCommand {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

/** Yields undefined when the engine does not have the image. */
export const inspectImage = (cli: Cli, image: string): Command<ImageCommand | undefined> => ({
  ...cli,
  args: ['image', 'inspect', image],
  parse: ({ status, stdout }) => {
    const [found] = list(parseJson(stdout));
    if (status !== 0 || !text(found, 'Id')) return undefined;
    const words = (key: string) => list(found, 'Config', key).filter((word) => typeof word === 'string');
    return { entrypoint: words('Entrypoint'), command: words('Cmd') };
  },
});

const succeeded = ({ status, stopped }: Output): boolean => status === 0 && !stopped;

/** Puts files into a container that need not run, on the engine's side too where that is another machine. */
export const copyInto = (cli: Cli, container: string, files: readonly TarFile[]): Command<boolean> => ({
  ...cli,
  args: ['cp', '-', `${container}:/`],
  stdin: tar(files),
  parse: succeeded,
});

/** Copies a file of a container, running or not, to this machine. */
export const copyFrom = (cli: Cli, container: string, path: string, to: string): Command<boolean> => ({
  ...cli,
  args: ['cp', `${container}:${path}`, to],
  parse: succeeded,
});

/** Ends a container at once; one that does not run is no failure of interest. */
export const killContainer = (cli: Cli, container: string): Command<Output> => ({
  ...cli,
  args: ['kill', container],
  parse: (output) => output,
});
